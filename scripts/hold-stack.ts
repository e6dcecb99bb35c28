import { join } from 'node:path';
import { isAppError } from '../core/errors.ts';
import { projectRoot } from './project-root.ts';
import { acquireStack } from './stack/acquire-stack.ts';
import { defaultPorts, type StackPorts } from './stack/start-parts.ts';

/**
 * Holds the local stack for whoever started this process, which may be of any language and need not import anything of ours: prints one JSON object
 * a line (`starting` when the stack has to be started, then `ready` with its addresses, or `failed` with code and message) and gives the stack
 * back when its standard input ends. So a caller that is killed gives it back too. Arguments: the folder of the state, and the first of four ports to
 * prefer over the usual ones.
 */
async function main(): Promise<void> {
  const print = (line: Readonly<Record<string, unknown>>): void => {
    process.stdout.write(`${JSON.stringify(line)}\n`);
  };
  // A Ctrl-C reaches the caller's whole group; the caller decides when it is done.
  for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => undefined);
  try {
    const { apiUrl, temporalAddress, temporalUiUrl, release } = await acquireStack({
      stateDir: process.argv[2] ?? join(projectRoot(), '.holdfast'),
      isWatched: false,
      ports: portsFrom(process.argv[3]),
      onStarting: () => print({ event: 'starting' }),
    });
    print({ event: 'ready', apiUrl, temporalAddress, temporalUiUrl });
    await inputEnd();
    await release();
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    print({ event: 'failed', code: isAppError(error) ? error.code : 'bug.invariant', message });
    process.exitCode = 1;
  }
  process.exit();
}

function portsFrom(first: string | undefined): StackPorts {
  if (first === undefined) return defaultPorts;
  const api = Number(first);
  return { api, temporal: api + 1, temporalUi: api + 2, postgres: api + 3 };
}

function inputEnd(): Promise<void> {
  return new Promise((resolve) => {
    process.stdin.on('end', resolve).on('error', resolve).on('close', resolve).resume();
    process.once('SIGTERM', resolve);
  });
}

await main();
