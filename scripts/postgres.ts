import { mkdir, realpath } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { postgresAccount, requireWayTo } from './postgres/account.ts';
import { postgresBinaries } from './postgres/binaries.ts';
import { dataFiles, initialiseDataDir, readPassword, removeData } from './postgres/data-dir.ts';
import { endLeftover, endServer, leash } from './postgres/end.ts';
import { launch } from './postgres/process.ts';

export interface PostgresOptions {
  /** Folder of the data; made when it is not there. Password and log lie beside it, as `<dataDir>.password` and `<dataDir>.log`. */
  readonly dataDir: string;
  /** The port to listen on if it is free (default 15432), else one of those after it. */
  readonly port?: number;
  /** The superuser, named when the folder is made (default `holdfast`). */
  readonly user?: string;
  /** Its password, set when the folder is made and kept beside it, readable by the owner alone (default: a random one). */
  readonly password?: string;
  /** Made when it is not there (default `holdfast`). */
  readonly database?: string;
  /** False removes the data when the server is stopped or its starter ends. */
  readonly persistent: boolean;
  /** Takes a line about what is unusual on this machine; standard error by default. */
  readonly tell?: (line: string) => void;
}

export interface RunningPostgres {
  /** Holds the password: not for logs. */
  readonly connectionString: string;
  readonly port: number;
  readonly pid: number;
  /** Resolves when the server process has ended, whoever ended it. */
  readonly exited: Promise<void>;
  /** Ends it in good order; does nothing when it has ended. */
  stop(): Promise<void>;
}

/**
 * Starts a PostgreSQL server of our own on loopback, with data that is new or from before, and resolves when it answers. Works after any kind
 * of death: a half-made data folder is made anew, a stale pid file is seen through, and a server that still runs on the folder is ended first
 * (so only one process at a time may start servers there). The server ends with the process that started it, even when that is killed. As root
 * it runs as another OS user, which it tells. Rejects with `unavailable.install`, saying why, when it cannot run here.
 */
export async function startPostgres(options: PostgresOptions): Promise<RunningPostgres> {
  const { user = 'holdfast', database = 'holdfast', persistent } = options;
  const tell = options.tell ?? ((line) => void process.stderr.write(`${line}\n`));
  await mkdir(dirname(options.dataDir), { recursive: true });
  const dataDir = join(await realpath(dirname(options.dataDir)), basename(options.dataDir));
  const [binaries, account] = await Promise.all([postgresBinaries(), postgresAccount()]);
  if (account !== null) requireWayTo(binaries.postgres, account);
  await initialiseDataDir({
    dataDir,
    user,
    password: options.password,
    binaries,
    account,
    tell,
  });
  await endLeftover(dataDir);
  const password = await readPassword(dataDir);
  const connectionString = (port: number): string =>
    `postgresql://${encodeURIComponent(user)}:${encodeURIComponent(password)}@127.0.0.1:${port}/${encodeURIComponent(database)}`;
  const { postgres } = binaries;
  const server = await launch({
    dataDir,
    postgres,
    account,
    port: options.port ?? 15_432,
    connectionString,
  });
  const { pid, port, exited } = server;
  const tie = leash(pid, persistent ? [] : dataFiles(dataDir));
  void exited.then(() => tie.kill('SIGKILL'));
  const stop = async (): Promise<void> => {
    if (server.child.exitCode === null && server.child.signalCode === null) await endServer(pid);
    await exited;
    if (!persistent) await removeData(dataDir);
  };
  return { connectionString: connectionString(port), port, pid, exited, stop };
}
