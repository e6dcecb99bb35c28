import { setTimeout as pause } from 'node:timers/promises';

const lookMs = 10;

/** Asks again and again until the answer is yes; rejects after `timeoutMs` with what was waited for. */
export async function waitUntil(
  what: string,
  isSo: () => boolean | Promise<boolean>,
  timeoutMs = 60_000,
): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error(`waited ${timeoutMs} ms for: ${what}`);
    await pause(lookMs);
  }
}
