import { existsSync } from 'node:fs';
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
  return chromium.launch({ executablePath, args: ['--no-sandbox'] });
}
