import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chown, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { AppError } from '../../core/errors.ts';
import { requireWayTo } from './account.ts';
import type { Account } from './account.ts';
import type { PostgresBinaries } from './binaries.ts';

const initdbMs = 120_000;

/** What the programs of the server are given of our environment: nothing that changes how they work. */
export const serverEnvironment: NodeJS.ProcessEnv = {
  PATH: process.env['PATH'],
  LC_ALL: 'C',
  TZ: 'UTC',
};

/**
 * Makes a data folder and keeps its password beside it, unless it is there. It gets its name only when it is complete, so one that stands is whole.
 * Text sorts by code point on every machine.
 */
export async function initialiseDataDir(options: {
  readonly dataDir: string;
  readonly user: string;
  readonly password: string | undefined;
  readonly binaries: PostgresBinaries;
  readonly account: Account | null;
  readonly tell: (line: string) => void;
}): Promise<void> {
  const { dataDir, account } = options;
  if (account !== null) requireWayTo(dataDir, account);
  if (existsSync(join(dataDir, 'PG_VERSION'))) return;
  if (account !== null) {
    options.tell(`PostgreSQL refuses to run as root: it runs as the OS user ${account.name}.`);
  }
  const part = `${dataDir}.part`;
  await rm(part, { recursive: true, force: true });
  await mkdir(part, { mode: 0o700 });
  const passwordFile = passwordFileOf(dataDir);
  const password = options.password ?? randomBytes(18).toString('base64url');
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (account !== null) {
    await chown(part, account.uid, account.gid);
    await chown(passwordFile, account.uid, account.gid);
  }
  await runInitdb(part, passwordFile, options);
  await rename(part, dataDir);
}

/** Gives the password of a data folder; its file may be read by the owner alone. */
export async function readPassword(dataDir: string): Promise<string> {
  const path = passwordFileOf(dataDir);
  try {
    return (await readFile(path, 'utf8')).trim();
  } catch (cause) {
    throw new AppError(
      'unavailable.install',
      `the password of the data in ${dataDir} cannot be read from ${path}: put it back, or remove the data to start anew`,
      { cause },
    );
  }
}

/** Where the server of a data folder writes what it has to say. */
export function logFileOf(dataDir: string): string {
  return `${dataDir}.log`;
}

/** A data folder and what lies beside it. */
export function dataFiles(dataDir: string): readonly string[] {
  return [dataDir, passwordFileOf(dataDir), logFileOf(dataDir)];
}

/** Removes all that. */
export async function removeData(dataDir: string): Promise<void> {
  for (const path of dataFiles(dataDir)) await rm(path, { recursive: true, force: true });
}

function passwordFileOf(dataDir: string): string {
  return `${dataDir}.password`;
}

async function runInitdb(
  part: string,
  passwordFile: string,
  options: {
    readonly user: string;
    readonly binaries: PostgresBinaries;
    readonly account: Account | null;
  },
): Promise<void> {
  const { account, binaries, user } = options;
  const locale = ['--no-locale', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  const access = [`--username=${user}`, `--pwfile=${passwordFile}`, '--auth=scram-sha-256'];
  const args = [`--pgdata=${part}`, '--encoding=UTF8', ...locale, ...access];
  try {
    await promisify(execFile)(binaries.initdb, args, {
      cwd: dirname(part),
      env: serverEnvironment,
      timeout: initdbMs,
      ...(account === null ? {} : { uid: account.uid, gid: account.gid }),
    });
  } catch (cause) {
    throw new AppError('unavailable.install', `could not make a database in ${part}`, { cause });
  }
}
