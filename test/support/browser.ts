import { describe } from '@jest/globals';
import axe from 'axe-core';
import type { AxeResults } from 'axe-core';
import type { BrowserContext, Page } from 'playwright-core';
import { findBrowser } from '../../scripts/start-browser.ts';

/** Runs tests in a browser where there is one. Under CI=true there has to be; elsewhere they are skipped, and their title says why. */
export function describeInBrowser(title: string, tests: () => void): void {
  const isRun = findBrowser() !== null || process.env['CI'] === 'true';
  const group = isRun ? describe : describe.skip;
  group(isRun ? title : `${title}: no Chromium here`, tests);
}

/** A page that remembers what the browser complained about: errors of scripts, and what the security policy kept from happening. */
export interface WatchedPage {
  readonly page: Page;
  readonly complaints: readonly string[];
}

export async function openPage(context: BrowserContext): Promise<WatchedPage> {
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', ({ message }) => complaints.push(message));
  page.on('dialog', (dialog) => {
    complaints.push(`a dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  return { page, complaints };
}

/** Gives what axe finds serious or critical on a page, each with the first place. */
export async function seriousFindings(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate<AxeResults>('axe.run()');
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ''}`);
}
