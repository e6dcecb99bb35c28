import { join } from 'node:path';
import { projectRoot } from '../../scripts/project-root.ts';
import { freePort } from '../../scripts/stack/free-port.ts';
import { openLog } from '../../scripts/stack/open-log.ts';
import { superviseStart } from '../../scripts/stack/supervise.ts';
import { startTemporal as startServer } from '../../scripts/stack/temporal.ts';
import { somePort } from './some-port.ts';
import { temporalBinary } from '../../scripts/temporal-binary.ts';
import { openTestFolder } from './test-folder.ts';

export interface TestTemporal {
  readonly address: string;
  readonly uiUrl: string;
  /** Path of the Temporal CLI, for `runCommand`. */
  readonly binary: string;
  pid(): number | null;
  /** Kills the server as a crash would; its supervisor starts it again on the same database and port. */
  kill9(): void;
  stop(): Promise<void>;
}

/**
 * Starts a real Temporal server for tests, with its database under `stateDir` and our search attributes, and keeps it running. Ports are free ones drawn by
 * chance, or the first free ones from those given.
 */
export async function startTemporal(options: {
  readonly stateDir: string;
  readonly ports?: { readonly server: number; readonly ui: number };
}): Promise<TestTemporal> {
  const { path: binary } = await temporalBinary({
    stateDir: join(projectRoot(), '.holdfast'),
    say: (line) => process.stderr.write(`${line}\n`),
  });
  const port = await freePort(options.ports?.server ?? somePort());
  const uiPort = await freePort(options.ports?.ui ?? somePort(), [port]);
  const log = openLog(join(options.stateDir, 'temporal.log'));
  const dbFile = join(options.stateDir, 'temporal.db');
  const server = await superviseStart({
    name: 'temporal',
    log,
    start: (signal) => startServer({ binary, dbFile, port, uiPort, log }, signal),
  });
  return {
    address: `127.0.0.1:${port}`,
    uiUrl: `http://127.0.0.1:${uiPort}`,
    binary,
    pid: server.pid,
    kill9: server.kill9,
    stop: server.stop,
  };
}

const variables = { address: 'HOLDFAST_TEST_TEMPORAL', binary: 'HOLDFAST_TEST_TEMPORAL_CLI' };
const folders = openTestFolder('temporal');
const shared: TestTemporal[] = [];

/**
 * Starts a server for each worker of a jest run, in global set-up, and tells the workers the addresses through the environment. Test files that run side by
 * side must not share one: our workers poll the queues of whoever's work is there.
 */
export async function startSharedTemporal(count: number): Promise<void> {
  while (shared.length < count) {
    shared.push(await startTemporal({ stateDir: folders.open() }));
  }
  process.env[variables.address] = shared.map(({ address }) => address).join();
  process.env[variables.binary] = shared[0]?.binary ?? '';
}

/** Ends them, in global tear-down. */
export async function stopSharedTemporal(): Promise<void> {
  await Promise.all(shared.map((server) => server.stop()));
  folders.remove();
}

/** Gives the address of this jest worker's server, and the CLI to speak to it. Tests that kill a server start their own. */
export function sharedTemporal(): { readonly address: string; readonly binary: string } {
  const addresses = process.env[variables.address]?.split(',') ?? [];
  const worker = Number(process.env['JEST_WORKER_ID'] ?? '1');
  const address = addresses[(worker - 1) % addresses.length];
  const binary = process.env[variables.binary];
  if (address === undefined || binary === undefined) {
    throw new Error(
      `${variables.address} is not set: run the tests through jest, whose global set-up starts the servers`,
    );
  }
  return { address, binary };
}
