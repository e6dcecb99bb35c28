#!/usr/bin/env node
import { createIo } from './io.ts';
import { createProgram } from './program.ts';
import { endingOf } from './render/errors.ts';

const interrupted = 130;

/** Runs one command to its end, or until a person stops it, and gives the exit code. */
async function main(): Promise<number> {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => stop.abort());
  }
  process.stdout.on('error', () => process.exit(0)); // whoever read it has gone, e.g. `head`
  const io = createIo(process, stop.signal);
  const outcome = { exitCode: 0 };
  try {
    await createProgram(io, outcome).parseAsync();
    return outcome.exitCode;
  } catch (error) {
    if (stop.signal.aborted) return interrupted;
    const { exitCode, text } = endingOf(error);
    io.say(text);
    return exitCode;
  }
}

const exitCode = await main();
process.stdout.write('', () => process.exit(exitCode));
