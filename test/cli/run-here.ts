import { PassThrough, Readable } from 'node:stream';
import { createIo } from '../../cli/io.ts';
import { createProgram } from '../../cli/program.ts';
import { endingOf } from '../../cli/render/errors.ts';
import type { CliRun } from './run-cli.ts';

/** Runs the command line within this process, with streams of its own that are no terminals: what a process of its own would do, in a fraction of the time. */
export async function runHere(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  input = '',
): Promise<CliRun> {
  const [stdout, stderr] = [collect(), collect()];
  const streams = {
    stdin: Readable.from(input === '' ? [] : [Buffer.from(input)]),
    ...{ stdout: stdout.stream, stderr: stderr.stream, env },
  };
  const io = createIo(streams as unknown as NodeJS.Process, new AbortController().signal);
  const outcome = { exitCode: 0 };
  try {
    await createProgram(io, outcome).parseAsync(args, { from: 'user' });
  } catch (error) {
    const { exitCode, text } = endingOf(error);
    outcome.exitCode = exitCode;
    io.say(text);
  }
  return { code: outcome.exitCode, stdout: stdout.text(), stderr: stderr.text() };
}

function collect(): { readonly stream: PassThrough; readonly text: () => string } {
  const stream = new PassThrough();
  let text = '';
  stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
  return { stream, text: () => text };
}
