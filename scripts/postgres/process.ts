import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync, statSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { AppError } from '../../core/errors.ts';
import { waitForDatabase } from '../../store/wait-for-database.ts';
import { freePort } from '../stack/free-port.ts';
import type { Account } from './account.ts';
import { logFileOf, serverEnvironment } from './data-dir.ts';

const readyMs = 60_000;
const startMs = 30_000;
const retryMs = 100;
const largestLogBytes = 10_000_000;

/**
 * Nothing here gives up safety: a commit is on disk before it is acknowledged. What a single server on one machine does not need is off
 * (replication, ways in beside loopback), and checkpoints come seldom enough not to be felt.
 */
const settings: Readonly<Record<string, string>> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '200',
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',
  wal_level: 'minimal',
  max_wal_senders: '0',
  max_logical_replication_workers: '0',
  max_wal_size: '1GB',
  checkpoint_timeout: '15min',
  wal_compression: 'on',
  io_method: 'sync',
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
};

export interface ServerProcess {
  readonly child: ChildProcess;
  readonly pid: number;
  readonly port: number;
  readonly exited: Promise<void>;
}

interface Launch {
  readonly dataDir: string;
  readonly postgres: string;
  readonly account: Account | null;
  /** The first to try. */
  readonly port: number;
  readonly connectionString: (port: number) => string;
}

/**
 * Starts the server process and resolves when it answers. Tries again where that helps: on another port when the asked one is taken, and after
 * a moment when the processes of a killed server still hold its memory.
 */
export async function launch(options: Launch): Promise<ServerProcess> {
  const deadline = performance.now() + startMs;
  const logFile = logFileOf(options.dataDir);
  let port = await freePort(options.port);
  for (;;) {
    const logStart = logSize(logFile);
    const server = spawnServer(options, port, logFile);
    const failure = await untilReady(server, options.connectionString(port));
    if (failure === null) return server;
    const said = readFileSync(logFile).subarray(logStart).toString('utf8');
    if (performance.now() > deadline || !isPassing(said)) {
      throw new AppError(
        'unavailable.install',
        `PostgreSQL did not start on ${options.dataDir}: ${lastLines(said)}`,
        { cause: failure },
      );
    }
    await pause(retryMs);
    port = await freePort(port);
  }
}

function spawnServer(options: Launch, port: number, logFile: string): ServerProcess {
  const flags = Object.entries({ ...settings, port: String(port) });
  const args = [
    '-D',
    options.dataDir,
    ...flags.flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ];
  const log = openSync(logFile, logSize(logFile) > largestLogBytes ? 'w' : 'a', 0o600);
  const child = spawn(options.postgres, args, {
    cwd: options.dataDir,
    env: serverEnvironment,
    stdio: ['ignore', log, log],
    // A session of its own: Ctrl-C in our terminal is ours to answer, in our order.
    detached: true,
    ...(options.account === null ? {} : { uid: options.account.uid, gid: options.account.gid }),
  });
  closeSync(log);
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => resolve()).once('error', () => resolve());
  });
  return { child, pid: child.pid ?? -1, port, exited };
}

/** Gives null when the server answers, else what was in the way; then it has ended. */
async function untilReady(server: ServerProcess, connectionString: string): Promise<unknown> {
  const ended = new AbortController();
  void server.exited.then(() => ended.abort(new Error('the server process ended')));
  try {
    await waitForDatabase(connectionString, { timeoutMs: readyMs, signal: ended.signal });
    return server.child.exitCode === null ? null : new Error('another server answered');
  } catch (error) {
    server.child.kill('SIGQUIT');
    await server.exited;
    return error;
  }
}

/** Tells by the log whether trying again may help: the port was taken since we looked, or a killed server's processes still end. */
function isPassing(said: string): boolean {
  return /Address already in use|shared memory block .* is still in use/.test(said);
}

function lastLines(said: string): string {
  return said.trim().split('\n').slice(-4).join(' | ').slice(-1_000) || 'it said nothing';
}

function logSize(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
