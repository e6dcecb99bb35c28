import { existsSync, rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import type { Browser } from 'playwright-core';

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Gives the path of the browser of this machine, as Linux distributions install it; null where there is none. */
export function findBrowser(): string | null {
  return places.find((path) => existsSync(path)) ?? null;
}

/** Starts it, without a sandbox of its own: as root it has none. Rejects where there is none. */
export async function startBrowser(): Promise<Browser> {
  const executablePath = findBrowser();
  if (executablePath === null) {
    throw new Error(`there is no Chromium at ${places.join(', ')}: install the package chromium`);
  }
  // It keeps crash reports there, else in the home of whoever runs the tests.
  const configDir = await mkdtemp(join(tmpdir(), 'holdfast-browser-'));
  const browser = await chromium.launch({
    executablePath,
    args: ['--no-sandbox'],
    env: { ...process.env, XDG_CONFIG_HOME: configDir },
  });
  // Its last processes may still write there.
  const again = { maxRetries: 10, retryDelay: 100 };
  browser.once('disconnected', () => rmSync(configDir, { recursive: true, force: true, ...again }));
  return browser;
}
