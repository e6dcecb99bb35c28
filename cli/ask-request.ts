import { createInterface } from 'node:readline/promises';
import type { InvestigationRequest } from '../core/schemas/investigation.ts';
import type { Io } from './io.ts';

/** Asks the person at the terminal what to investigate. Rejects when they stop or leave. */
export async function askRequest(
  io: Pick<Io, 'stdin' | 'stderr' | 'stopped'>,
): Promise<InvestigationRequest> {
  const terminal = createInterface({ input: io.stdin, output: io.stderr });
  const left = new AbortController();
  terminal.once('close', () => left.abort());
  const signal = AbortSignal.any([io.stopped, left.signal]);
  const ask = async (question: string): Promise<string> =>
    (await terminal.question(question, { signal })).trim();
  try {
    const reference = await ask('Case (a name, or a folder; Enter: what was received): ');
    const question = await ask('Question (Enter: the one of the case, or what is wrong): ');
    return {
      ...(reference === '' ? {} : { case: reference }),
      ...(question === '' ? {} : { question }),
    };
  } finally {
    terminal.close();
  }
}
