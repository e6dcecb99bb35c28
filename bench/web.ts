import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { build } from '../scripts/build.js';
import { pageSizes } from '../scripts/build-web.js';
import { projectRoot } from '../scripts/project-root.ts';
import { startBrowser } from '../scripts/start-browser.ts';
import { caseOf } from '../test/support/incidents.ts';
import { eventsOf, investigate, reportOf } from '../test/support/line.ts';
import type { Line } from '../test/support/line.ts';
import { median, printFigure, withGround } from './ground.ts';
import type { BenchOptions } from './ground.ts';

const mostRuns = 5;
const mostFirstBytes = 300_000;
const mostEventToPixelMs = 1_000;

/** Notes in the page when each event was painted: after the frame in which it came into the list. */
const noteWhenPainted = `
  globalThis.paintedAt = {};
  new MutationObserver(() => {
    for (const item of document.querySelectorAll('[data-sequence]')) {
      const sequence = item.getAttribute('data-sequence');
      if (sequence in globalThis.paintedAt) continue;
      globalThis.paintedAt[sequence] = 0;
      requestAnimationFrame(() => setTimeout(() => { globalThis.paintedAt[sequence] = Date.now(); }));
    }
  }).observe(document, { childList: true, subtree: true });
`;

/** What the page weighs, how long a report takes to be seen, and how long an event takes from its commitment in PostgreSQL to the screen. */
export async function web({ runs }: BenchOptions): Promise<boolean> {
  await build();
  const { first, later } = pageSizes(join(projectRoot(), 'dist', 'web'));
  const delaysMs: number[] = [];
  const openingsMs: number[] = [];
  await withGround(async ({ line }) => {
    const browser = await startBrowser();
    try {
      for (let run = 0; run < Math.min(runs, mostRuns); run += 1) {
        const id = await investigate(line, { case: caseOf('bad-deploy') });
        delaysMs.push(...(await watch(browser, line, id)));
        openingsMs.push(await openReport(browser, line, id));
      }
    } finally {
      await browser.close();
    }
  });
  const sorted = delaysMs.toSorted((one, other) => one - other);
  const tail = sorted[Math.floor(sorted.length * 0.95)] ?? Number.NaN;
  const kilobytes = (bytes: number): string => `${Math.round(bytes / 1_000)} KB`;
  printFigure('first page, packed; on demand', `${kilobytes(first)}; ${kilobytes(later)}`);
  printFigure('a report from nothing to read, median', `${Math.round(median(openingsMs))} ms`);
  printFigure(`event to pixel, ${sorted.length} events, median`, `${median(sorted)} ms`);
  printFigure('event to pixel, p95 and worst', `${tail} ms, ${sorted.at(-1)} ms`);
  return first <= mostFirstBytes && tail <= mostEventToPixelMs;
}

/** Looks on while an investigation runs; gives how long each event took that came once the page was there. */
async function watch(browser: Browser, line: Line, id: string): Promise<readonly number[]> {
  const page = await browser.newPage();
  await page.addInitScript(noteWhenPainted);
  await page.goto(`${line.url}/investigations/${id}`);
  await page.getByText('All events').click();
  const readyAt = Date.now();
  await reportOf(line, id);
  const events = await eventsOf(line, id);
  await page.locator(`[data-sequence="${events.length}"]`).waitFor();
  await page.waitForFunction(`globalThis.paintedAt[${events.length}] > 0`);
  const paintedAt = await page.evaluate<Readonly<Record<string, number>>>('globalThis.paintedAt');
  await page.close();
  return events
    .map(({ sequence, at }) => ({ at: Date.parse(at), seenAt: paintedAt[sequence] ?? Number.NaN }))
    .filter(({ at }) => at > readyAt)
    .map(({ at, seenAt }) => seenAt - at);
}

/** Opens a finished report in a browser that knows nothing yet; gives how long it took until its claims could be read. */
async function openReport(browser: Browser, line: Line, id: string): Promise<number> {
  const context = await browser.newContext();
  const page = await context.newPage();
  const begunAt = performance.now();
  await page.goto(`${line.url}/investigations/${id}`);
  await page.getByRole('region', { name: 'Why we think so' }).waitFor();
  const tookMs = performance.now() - begunAt;
  await context.close();
  return tookMs;
}
