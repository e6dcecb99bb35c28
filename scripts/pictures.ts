import { spawn } from 'node:child_process';
import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { build } from './build.js';
import { projectRoot } from './project-root.ts';
import { acquireStack } from './stack/acquire-stack.ts';
import { defaultPorts } from './stack/start-parts.ts';
import { startBrowser } from './start-browser.ts';

/** One picture: of which device, in which colours, and what is to be seen in it. */
interface Shot {
  readonly name: string;
  readonly viewport: { readonly width: number; readonly height: number };
  readonly scale: number;
  readonly colorScheme: 'light' | 'dark';
  /** Only this part of the page; else what is seen first. */
  readonly part?: string;
}

const folder = join(projectRoot(), 'docs', 'pictures');
const mostBytes = 300_000;
const desktop = { viewport: { width: 1_280, height: 1_000 }, scale: 1 } as const;
const phone = { viewport: { width: 390, height: 844 }, scale: 2 } as const;
const shots: readonly Shot[] = [
  { name: 'report-desktop-light', ...desktop, colorScheme: 'light' },
  { name: 'report-desktop-dark', ...desktop, colorScheme: 'dark' },
  { name: 'report-phone-light', ...phone, colorScheme: 'light' },
  { name: 'report-phone-dark', ...phone, colorScheme: 'dark' },
  { name: 'squad', ...desktop, colorScheme: 'light', part: 'section:has(details[data-role])' },
  { name: 'blast-radius', ...desktop, colorScheme: 'light', part: 'article:has(.react-flow)' },
];

/** `npm run pictures`: runs the demo and photographs the page of its report, for the README and for whoever changes the page. */
async function main(): Promise<void> {
  await build();
  const stateDir = join(projectRoot(), '.holdfast');
  const stack = await acquireStack({ stateDir, isWatched: false, ports: defaultPorts });
  const browser = await startBrowser();
  try {
    const link = new URL(await runDemo());
    await mkdir(folder, { recursive: true });
    const session = await openSession(browser, link.href);
    link.search = '';
    for (const shot of shots) await photograph(browser, link.href, session, shot);
  } finally {
    await browser.close();
    await stack.release();
  }
}

/** Runs the demo on the stack that is up, and gives the link to its page. */
async function runDemo(): Promise<string> {
  const program = join(projectRoot(), 'dist', 'scripts', 'run-demo.js');
  const child = spawn(process.execPath, [program], { stdio: ['ignore', 'pipe', 'inherit'] });
  let printed = '';
  for await (const chunk of child.stdout.setEncoding('utf8')) printed += String(chunk);
  const link = /http\S+[?]code=\S+/.exec(printed)?.[0];
  if (link === undefined) throw new Error(`the demo printed no link:\n${printed}`);
  return link;
}

type Session = Awaited<ReturnType<typeof openSession>>;

/** The code of the link is good for once: one context opens the session, and all others have its cookie. */
async function openSession(browser: Browser, link: string) {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(link);
  await page.getByRole('button', { name: 'Approve' }).waitFor();
  const state = await context.storageState();
  await context.close();
  return state;
}

async function photograph(
  browser: Browser,
  url: string,
  storageState: Session,
  { name, viewport, scale, colorScheme, part }: Shot,
): Promise<void> {
  const context = await browser.newContext({
    ...{ viewport, colorScheme, storageState },
    deviceScaleFactor: scale,
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  await page.goto(url);
  await page.locator('canvas').first().waitFor();
  await page.locator('.react-flow__node').first().waitFor();
  const path = join(folder, `${name}.png`);
  const shown = part === undefined ? page : page.locator(part).first();
  await shown.screenshot({ path, animations: 'disabled' });
  await context.close();
  const { size } = await stat(path);
  process.stdout.write(`${name}.png  ${Math.round(size / 1_000)} KB\n`);
  if (size > mostBytes) throw new Error(`${path} is larger than ${mostBytes} bytes`);
}

await main();
process.exit(0);
