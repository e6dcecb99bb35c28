import { createReadStream, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { endingOf } from '../cli/render/errors.ts';
import { AppError } from '../core/errors.ts';
import { projectRoot } from './project-root.ts';
import { acquireStack } from './stack/acquire-stack.ts';
import { readStackState, stackPaths } from './stack/stack-state.ts';
import { defaultPorts } from './stack/start-parts.ts';

const stateDir = join(projectRoot(), '.holdfast');
const lookMs = 300;

/** Keeps everything running from the sources, and prints what API and worker log, until a signal asks to stop. */
async function dev(stopped: AbortSignal): Promise<void> {
  const tails = ['api', 'worker'].map((part) => createTail(stackPaths.log(stateDir, part)));
  process.stdout.write('Starting PostgreSQL, Temporal, API and worker ...\n');
  const stack = await acquireStack({ stateDir, isWatched: true, ports: defaultPorts });
  try {
    process.stdout.write(
      `  API          ${stack.apiUrl}\n  API pages    ${stack.apiUrl}/docs\n  Temporal UI  ${stack.temporalUiUrl ?? 'of your server'}\n` +
        '  Changes to the sources are taken up at once; Ctrl-C stops everything.\n',
    );
    while (!stopped.aborted) {
      for (const tail of tails) await tail();
      const state = readStackState(stateDir);
      if (state?.status !== 'ready') {
        throw new AppError('unavailable.install', state?.error ?? 'The stack has stopped.');
      }
      await pause(lookMs, undefined, { signal: stopped }).catch(() => undefined);
    }
    process.stdout.write('\nStopping ...\n');
  } finally {
    await stack.release();
  }
}

/** Gives a way to print what a log has grown by since the last time. */
function createTail(path: string): () => Promise<void> {
  const sizeNow = (): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  let at = sizeNow();
  return async () => {
    const size = sizeNow();
    if (size < at) at = 0; // it was begun anew
    if (size === at) return;
    const growth = createReadStream(path, { start: at, end: size - 1, encoding: 'utf8' });
    at = size;
    for await (const chunk of growth) process.stdout.write(String(chunk));
  };
}

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => stop.abort());
}
try {
  await dev(stop.signal);
} catch (error) {
  const { exitCode, text } = endingOf(error);
  process.stderr.write(text);
  process.exitCode = exitCode;
}
process.exit();
