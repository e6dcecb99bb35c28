import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { runCommand } from '../run-command.ts';
import type { Log } from './open-log.ts';
import { startCommand, type Command, type Running } from './running.ts';
import { searchAttributes } from './search-attributes.ts';

export interface TemporalOptions {
  /** Path of the Temporal CLI. */
  readonly binary: string;
  /** The database of the server; kept over restarts. */
  readonly dbFile: string;
  readonly port: number;
  readonly uiPort: number;
  readonly log?: Log;
}

/** Fairness is exact with one partition a queue only. A test holds `temporal-docker/` against it. */
export const dynamicConfig: Readonly<Record<string, boolean | number>> = {
  'matching.enableFairness': true,
  'matching.numTaskqueueReadPartitions': 1,
  'matching.numTaskqueueWritePartitions': 1,
};

/** What the server prints once it listens. */
const greeting = 'Temporal Server:';
const longestGreeting = 100_000;

/**
 * Starts the development server and waits until the namespace `default` is there with our search attributes. Safe to run on a database that was
 * in use when the server was killed.
 */
export async function startTemporal(
  options: TemporalOptions,
  signal?: AbortSignal,
): Promise<Running> {
  await mkdir(dirname(options.dbFile), { recursive: true });
  let said = '';
  const log: Log = (chunk) => {
    if (said.length < longestGreeting) said += chunk.toString();
    options.log?.(chunk);
  };
  // Until it has greeted, whoever answers on the port may be another server.
  const ready = async (): Promise<boolean> =>
    said.includes(greeting) && createSearchAttributes(options.binary, `127.0.0.1:${options.port}`);
  return startCommand('temporal', { ...temporalCommand(options), log, ready }, signal);
}

function temporalCommand(options: TemporalOptions): Command {
  const { binary, port } = options;
  return {
    command: binary,
    args: [
      ...['server', 'start-dev', '--ip', '127.0.0.1'],
      ...['--port', String(port), '--ui-port', String(options.uiPort)],
      ...['--db-filename', options.dbFile],
      // Both, every time: the journal mode stays in the file, the other does not. The default is three to five times slower.
      ...['--sqlite-pragma', 'journal_mode=WAL', '--sqlite-pragma', 'synchronous=NORMAL'],
      ...Object.entries(dynamicConfig).flatMap(([name, value]) => [
        ...['--dynamic-config-value', `${name}=${value}`],
      ]),
      '--ui-disable-news-fetch',
    ],
    env: quietEnvironment(),
    readyTimeoutMs: 60_000,
    graceMs: 10_000,
  };
}

/** Registers what is missing; that works as soon as the server serves the namespace. The server's own flag is ignored on a database that exists. */
async function createSearchAttributes(binary: string, address: string): Promise<boolean> {
  const { code } = await runCommand(
    binary,
    [
      ...['operator', 'search-attribute', 'create', '--address', address],
      ...['--namespace', 'default', '--command-timeout', '5s'],
      ...searchAttributes.flatMap(({ name, type }) => ['--name', name, '--type', type]),
    ],
    { timeoutMs: 10_000, env: quietEnvironment() },
  );
  return code === 0;
}

/** The caller's settings for the CLI (address, TLS, configuration file) are meant for other servers. */
function quietEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !name.startsWith('TEMPORAL_')),
  );
}
