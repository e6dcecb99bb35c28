import { existsSync } from 'node:fs';
import { describe } from '@jest/globals';
import axe from 'axe-core';
import type { AxeResults } from 'axe-core';
import { chromium } from 'playwright-core';
import type { Browser, BrowserContext, Page } from 'playwright-core';

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const executablePath = places.find((path) => existsSync(path));

/** Runs tests in a browser where there is one. Under CI=true there has to be; elsewhere they are skipped, and counted as such. */
export const describeInBrowser =
  executablePath !== undefined || process.env['CI'] === 'true' ? describe : describe.skip;

/** Starts the Chromium of this machine, without a sandbox of its own: as root it has none. */
export async function startBrowser(): Promise<Browser> {
  if (executablePath === undefined) {
    throw new Error(`there is no Chromium at ${places.join(', ')}: install the package chromium`);
  }
  return chromium.launch({ executablePath, args: ['--no-sandbox'] });
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
