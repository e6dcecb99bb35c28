import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import type { Action } from '../../core/schemas/action.ts';
import { startBrowser } from '../../scripts/start-browser.ts';
import { describeInBrowser, openPage, seriousFindings } from '../support/browser.ts';
import { buildProduct } from '../support/built-product.ts';
import { holdStep } from '../support/hold-step.ts';
import { caseOf } from '../support/incidents.ts';
import { startTarget } from '../support/rollback-target.ts';
import type { Target } from '../support/rollback-target.ts';
import { sharedTemporal } from '../support/temporal.ts';
import { eventsOf, investigate, reportOf, startLine } from '../support/line.ts';
import type { Line } from '../support/line.ts';

const phone = { width: 390, height: 844 };
const desktop = { width: 1_280, height: 900 };
const patienceMs = 180_000;
const overflowScript =
  'document.documentElement.scrollWidth - document.documentElement.clientWidth';
const script = '<img src=x onerror="alert(1)"><script>alert(2)</script>';

let line: Line;
let target: Target;
let browser: Browser;
/** One investigation that has ended with a proposal, looked at by most tests. */
let ended = '';

describeInBrowser('the page of an investigation', () => {
  beforeAll(async () => {
    await buildProduct();
    target = await startTarget();
    line = await startLine({
      temporalAddress: sharedTemporal().address,
      services: [{ name: 'checkout', url: target.url, token: target.token }],
      hasWorker: false,
    });
    browser = await startBrowser();
  }, 240_000);

  afterAll(async () => {
    await browser?.close();
    await line?.stop();
    await target?.close();
  });

  test('TA-81 shows a run as it happens, and loses or doubles no event when worker and API are killed under it', async () => {
    ended = await investigate(line, { case: caseOf('bad-deploy') });
    const hold = await holdStep(line.databaseUrl, {
      investigationId: ended,
      workflowId: ended,
      stepKey: 'root-cause.r1.orient',
    });
    const { page } = await openPage(await newContext());
    await page.goto(`${line.url}/investigations/${ended}`);
    await lane(page, 'trace').getByText('waiting').waitFor();

    await line.startWorker();
    await lane(page, 'trace').getByText('saw something').waitFor({ timeout: patienceMs });
    await hold.untilHeld(patienceMs);
    line.worker()?.kill9();
    line.api.kill9();
    await hold.release();

    await page.getByText('Cause found').waitFor({ timeout: patienceMs });
    await page.getByText('All events').click();
    const shown = page.locator('[data-sequence]');
    await shown.first().waitFor();
    const events = await eventsOf(line, ended);
    const sequences = await shown.evaluateAll((items) =>
      items.map((item) => Number(item.getAttribute('data-sequence'))),
    );
    expect(sequences).toEqual(events.map(({ sequence }) => sequence));
    await page.context().close();
  }, 240_000);

  test(
    'says what broke, since when, how sure we are and what is proposed',
    async () => {
      const { page, complaints } = await openEnded();
      const facts = page.locator('header dl');
      await facts.waitFor();
      const text = await facts.innerText();
      expect(text).toMatch(/What broke\s+checkout/);
      expect(text).toMatch(/Since\s+10:59:5\d UTC/);
      expect(text).toMatch(/Confidence\s+\d\d %/);
      expect(text).toMatch(/Proposed\s+Roll back checkout/);
      expect(complaints).toEqual([]);
      await page.context().close();
    },
    patienceMs,
  );

  test(
    'leads from a claim to its evidence, by pointer and by keyboard, and shows its query, window and source',
    async () => {
      const { page, complaints } = await openEnded();
      const claims = page.getByRole('region', { name: 'Why we think so' });
      const citation = claims.getByRole('link').first();
      await citation.click();
      const id = new URL(page.url()).hash.slice(1);
      const card = page.locator(`#${id}`);
      await expectFocus(page, id);
      await card.locator('table, canvas, pre, figure, .react-flow').first().waitFor();
      await card
        .getByText(/compare-traces|cluster-logs|inspect-|list-changes/)
        .first()
        .click();
      const report = await reportOf(line, ended);
      expect(report.claims.some(({ evidenceIds }) => evidenceIds.includes(id))).toBe(true);
      expect(await card.locator('details pre').innerText()).toMatch(/SELECT/i);

      await citation.focus();
      await page.keyboard.press('Enter');
      await expectFocus(page, id);
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      expect(await card.getByRole('button').first().getAttribute('aria-expanded')).toBe('false');
      expect(complaints).toEqual([]);
      await page.context().close();
    },
    patienceMs,
  );

  test(
    'draws every view',
    async () => {
      const { page, complaints } = await openEnded();
      const closed = page.locator('article button[aria-expanded="false"]');
      await closed.first().waitFor();
      for (let left = await closed.count(); left > 0; left -= 1) await closed.first().click();
      for (const drawing of [
        'canvas',
        '.react-flow__node',
        'figure ol li',
        'table',
        'pre:visible',
      ]) {
        await page.locator(`article ${drawing}`).first().waitFor();
      }
      await page.locator('[data-reach="cause"]').getByText('checkout').waitFor();
      expect(complaints).toEqual([]);
      await page.context().close();
    },
    patienceMs,
  );

  test('TA-84 fits a phone, and has no serious finding of axe, in light there and in the dark on a desktop', async () => {
    for (const look of [
      { colorScheme: 'light', viewport: phone },
      { colorScheme: 'dark', viewport: desktop },
    ] as const) {
      const { page } = await openEnded(look);
      await page.locator('.react-flow__node').first().waitFor();
      const overflow = await page.evaluate(overflowScript);
      const findings = await seriousFindings(page);
      expect({ ...look, overflow, findings }).toEqual({ ...look, overflow: 0, findings: [] });
      await page.context().close();
    }
  }, 240_000);

  test(
    'so has the list, which leads to it',
    async () => {
      const { page } = await openPage(await newContext({ colorScheme: 'dark', viewport: phone }));
      await page.goto(line.url);
      const row = page.getByRole('listitem').filter({ hasText: ended });
      await row.getByText('Waits for a decision').waitFor();
      expect(await seriousFindings(page)).toEqual([]);
      await row.getByRole('link').click();
      await page.getByRole('region', { name: 'Why we think so' }).waitFor();
      await page.context().close();
    },
    patienceMs,
  );

  test('TA-94 shows text from outside as text, under a policy that lets no inline script run', async () => {
    const alert = { title: script, severity: 'critical', labels: {}, startedAt: noticedAt };
    const id = await investigate(line, { case: caseOf('healthy'), alert });
    const { page, complaints } = await openPage(await newContext());
    const response = await page.goto(`${line.url}/investigations/${id}`);
    expect(response?.headers()['content-security-policy']).toContain("script-src 'self';");
    await page.getByRole('heading', { level: 1, name: script }).waitFor();
    await page.getByText('No cause found').or(page.getByText('Inconclusive')).first().waitFor({
      timeout: patienceMs,
    });
    expect(await page.locator('main img').count()).toBe(0);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  test(
    'TA-83 says so when there is no such investigation',
    async () => {
      const { page } = await openPage(await newContext());
      await page.goto(`${line.url}/investigations/inv-none`);
      expect(await page.getByRole('alert').innerText()).toContain(
        'there is no investigation inv-none',
      );
      await page.context().close();
    },
    patienceMs,
  );

  test('AU-51 is read only for strangers, and lets the person whose link it is approve the write, once', async () => {
    const link = `${line.url}/investigations/${ended}?code=${await issueCode()}`;
    const { page, complaints } = await openPage(await newContext());
    await page.goto(link);
    await page.getByRole('textbox', { name: 'Reason' }).fill('seen on the page');
    expect(new URL(page.url()).search).toBe('');
    expect(await seriousFindings(page)).toEqual([]);

    const stranger = await openPage(await newContext());
    await stranger.page.goto(link);
    await stranger.page.getByRole('alert').getByText('This page is read only').waitFor();
    expect(await stranger.page.getByRole('button', { name: 'Approve' }).count()).toBe(0);
    await stranger.page.context().close();

    await page.getByRole('button', { name: 'Approve' }).click();
    await page.getByText(/on checkout: done and read back/).waitFor({ timeout: patienceMs });
    const { actions } = await reportOf(line, ended);
    const { decisions } = await getAction(actions[0]?.actionId ?? '');
    expect(decisions).toMatchObject([
      { decision: 'approve', person: 'tester', accepted: true, reason: 'seen on the page' },
    ]);
    expect(target.effects()).toBe(1);
    expect(complaints).toEqual([]);
    await page.context().close();
  }, 240_000);
});

const noticedAt = '2026-11-21T11:00:07.000Z';

function newContext(
  options: { readonly colorScheme?: 'light' | 'dark'; readonly viewport?: typeof phone } = {},
): Promise<BrowserContext> {
  return browser.newContext({ viewport: desktop, reducedMotion: 'reduce', ...options });
}

async function openEnded(options: Parameters<typeof newContext>[0] = {}) {
  const opened = await openPage(await newContext(options));
  await opened.page.goto(`${line.url}/investigations/${ended}`);
  await opened.page.getByRole('region', { name: 'Why we think so' }).waitFor();
  return opened;
}

function lane(page: Page, role: string) {
  return page.locator(`details[data-role="${role}"]`);
}

async function expectFocus(page: Page, id: string): Promise<void> {
  await page.locator(`#${id}:focus`).waitFor();
  expect(await page.locator(':focus').getAttribute('id')).toBe(id);
}

async function issueCode(): Promise<string> {
  const response = await fetch(`${line.url}/api/v1/session/codes`, {
    method: 'POST',
    headers: { authorization: `Bearer ${line.token}` },
  });
  return ((await response.json()) as { readonly code: string }).code;
}

async function getAction(actionId: string): Promise<Action> {
  return (await (await fetch(`${line.url}/api/v1/actions/${actionId}`)).json()) as Action;
}
