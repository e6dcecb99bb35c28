import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser, Locator, Page } from 'playwright-core';
import { startBrowser } from '../../scripts/start-browser.ts';
import { manifest, writeCaseFolder } from '../integrations/duckdb/case-folder.ts';
import type { CaseFolder } from '../integrations/duckdb/case-folder.ts';
import { describeInBrowser, openPage, seriousFindings } from '../support/browser.ts';
import { buildProduct } from '../support/built-product.ts';
import { investigate, reportOf, startLine } from '../support/line.ts';
import type { Line } from '../support/line.ts';
import { sharedTemporal } from '../support/temporal.ts';

const patienceMs = 180_000;

const runbook = `# Checkout is slow

1. Look at **payments** first.
2. Then roll back, *once*.

- [x] page the owner
- [ ] write it down[^1]

### What to ask

| step | command |
|------|---------|
| look | \`kubectl get pods\` |

\`\`\`bash
# restart it
kubectl rollout restart deploy/checkout --namespace "shop"
\`\`\`

\`\`\`yaml
replicas: 3
\`\`\`

\`\`\`cobol
DISPLAY 'plain'.
\`\`\`

[^1]: In the log of the day.
`;

const hostile = `# Checkout is slow, says a stranger

<script>document.title = 'taken'</script>

Text <img src="https://elsewhere.test/a.png" onerror="document.title = 'taken'"> and <b>bold</b>.

<iframe src="https://elsewhere.test/frame"></iframe>
<style>body { display: none }</style>

![the dashboard](https://elsewhere.test/b.png)

[the console](https://elsewhere.test/console) [a script](javascript:document.title='taken') <https://elsewhere.test/auto>
[data](data:text/html,<script>alert(1)</script>)

<h1 id="root">A heading</h1>
`;

const nested = `# Checkout is slow within itself\n\n${'* '.repeat(8_000)}x\n`;

let line: Line;
let cases: CaseFolder;
let browser: Browser;
let link = '';

describeInBrowser('the runbooks of an investigation', () => {
  beforeAll(async () => {
    await buildProduct();
    cases = await writeCaseFolder({
      'tried/incident.yaml': manifest(['runbooks: [{ files: ["*.md"], format: markdown }]']),
      'tried/1.md': runbook,
      'tried/2.md': hostile,
      'tried/3.md': nested,
    });
    line = await startLine({
      temporalAddress: sharedTemporal().address,
      env: { HOLDFAST_CASES: cases.dir },
    });
    const alert = { title: 'Checkout is slow', severity: 'critical', labels: {} };
    const id = await investigate(line, { case: 'tried', alert });
    await reportOf(line, id);
    link = `${line.url}/investigations/${id}`;
    browser = await startBrowser();
  }, 240_000);

  afterAll(async () => {
    await browser?.close();
    await line?.stop();
    cases?.remove();
  });

  test(
    'TA-82 shows runbooks as Markdown one click from the report, with code in colours, and loads what that takes when it is wanted',
    async () => {
      const { page, complaints, asked, lead } = await openReport();
      expect(asked.filter(isLazy)).toEqual([]);
      await lead();
      const text = documentOf(page, 'Checkout is slow');
      await text.getByRole('heading', { name: 'Checkout is slow', level: 4 }).waitFor();
      await text.getByRole('heading', { name: 'What to ask', level: 5 }).waitFor();
      expect(await text.locator('ol > li').first().innerText()).toBe('Look at payments first.');
      expect(await text.locator('ul > li').allInnerTexts()).toEqual([
        '☑ page the owner',
        '☐ write it down1',
      ]);
      expect(await text.getByRole('columnheader').allInnerTexts()).toEqual(['step', 'command']);
      expect(await text.locator('td code').innerText()).toBe('kubectl get pods');

      const code = text.locator('pre');
      // Each is coloured when its language has come.
      for (const at of [0, 1]) await code.nth(at).locator('span[style]').first().waitFor();
      expect(await code.first().innerText()).toBe(
        '# restart it\nkubectl rollout restart deploy/checkout --namespace "shop"',
      );
      const [shell, settings, unknown] = await page.evaluate<number[]>(coloursScript);
      expect(shell).toBeGreaterThan(2);
      expect(settings).toBeGreaterThan(1);
      expect(unknown).toBe(1);
      expect(asked.filter(isLazy).length).toBeGreaterThan(1);
      expect(complaints).toEqual([]);
      await page.context().close();
    },
    patienceMs,
  );

  test(
    'TA-82 keeps a runbook to its words: HTML, scripts, pictures and links are text, and nothing is asked of another host',
    async () => {
      const { page, complaints, asked, lead } = await openReport();
      await lead();
      await page.getByText('Checkout is slow, says a stranger').first().click();
      const text = documentOf(page, 'Checkout is slow, says a stranger');
      const says = await text.innerText();
      for (const part of [
        `<script>document.title = 'taken'</script>`,
        '<img src="https://elsewhere.test/a.png"',
        '<iframe src="https://elsewhere.test/frame"></iframe>',
        '[picture: the dashboard (https://elsewhere.test/b.png)]',
        'the console (https://elsewhere.test/console)',
        `a script (javascript:document.title='taken')`,
        'data (data:text/html,',
        '<h1 id="root">A heading</h1>',
      ]) {
        expect(says).toContain(part);
      }
      const made = 'a, img, script, iframe, style, b, [id], [onerror], [href], [src]';
      expect(await text.locator(made).count()).toBe(0);
      expect(await page.title()).not.toBe('taken');
      expect(asked.filter((url) => !url.startsWith(line.url))).toEqual([]);
      expect(complaints).toEqual([]);
      await page.context().close();
    },
    patienceMs,
  );

  test(
    'shows as plain text what would take minutes as Markdown',
    async () => {
      const { page, lead } = await openReport();
      await lead();
      await page.getByText('Checkout is slow within itself').first().click();
      const text = documentOf(page, 'Checkout is slow within itself');
      expect(await text.locator('pre').innerText()).toContain('* * * * * *');
      await page.context().close();
    },
    patienceMs,
  );

  test.each([
    { colorScheme: 'light', viewport: { width: 390, height: 844 } },
    { colorScheme: 'dark', viewport: { width: 1_280, height: 900 } },
  ] as const)(
    'fits the page, and has no serious finding of axe: $colorScheme, $viewport.width wide',
    async (look) => {
      const { page, lead } = await openReport(look);
      await lead();
      await page.locator('pre span[style]').first().waitFor();
      await page.getByText('Checkout is slow, says a stranger').first().click();
      expect(await seriousFindings(page)).toEqual([]);
      const overflow =
        'document.documentElement.scrollWidth - document.documentElement.clientWidth';
      expect(await page.evaluate(overflow)).toBe(0);
      await page.context().close();
    },
    patienceMs,
  );
});

/** Opens the report, and remembers every address that the page asks for. */
async function openReport(options: Parameters<Browser['newContext']>[0] = {}) {
  const context = await browser.newContext({ reducedMotion: 'reduce', ...options });
  const asked: string[] = [];
  context.on('request', (request) => asked.push(request.url()));
  const opened = await openPage(context);
  await opened.page.goto(link);
  const citation = opened.page.getByRole('region', { name: 'Runbooks' }).getByRole('link');
  await citation.waitFor();
  return { ...opened, asked, lead: () => citation.click() };
}

function documentOf(page: Page, title: string): Locator {
  return page.getByRole('region', { name: title, exact: true });
}

function isLazy(url: string): boolean {
  return /\/(markdown-view|highlighter|bash|shellscript|yaml|sql)-/.test(url);
}

/** How many colours are really seen in each block of code: those that the security policy refuses are not. */
const coloursScript = `[...document.querySelectorAll('[role=region] pre')].map((block) =>
  new Set([...block.querySelectorAll('*')].map((part) => getComputedStyle(part).color)).size)`;
