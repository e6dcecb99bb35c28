import { join } from 'node:path';
import { projectRoot } from '../../scripts/project-root.ts';
import { freePort } from '../../scripts/stack/free-port.ts';
import { openLog } from '../../scripts/stack/open-log.ts';
import { superviseStart } from '../../scripts/stack/supervise.ts';
import { startTemporal as startServer } from '../../scripts/stack/temporal.ts';
import { temporalBinary } from '../../scripts/temporal-binary.ts';

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
 * Starts a real Temporal server for tests, with its database under `stateDir` and our search attributes, and keeps it running. Ports are the first free
 * ones from 17233 and 18233 on, or from those given.
 */
export async function startTemporal(options: {
  readonly stateDir: string;
  readonly ports?: { readonly server: number; readonly ui: number };
}): Promise<TestTemporal> {
  const { path: binary } = await temporalBinary({
    stateDir: join(projectRoot(), '.holdfast'),
    say: (line) => process.stderr.write(`${line}\n`),
  });
  const port = await freePort(options.ports?.server ?? 17_233);
  const uiPort = await freePort(options.ports?.ui ?? 18_233);
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
