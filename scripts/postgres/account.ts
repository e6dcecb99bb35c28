import { execFile } from 'node:child_process';
import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { AppError } from '../../core/errors.ts';

/** The OS user a server runs as, when that is another than ours. */
export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/** In this order; each exists on most systems, so that none has to be added. */
const candidates = ['postgres', 'nobody'] as const;

/**
 * Gives the OS user that PostgreSQL has to run as: null for our own, and another one when we are root, whom PostgreSQL refuses. Rejects with
 * `unavailable.install` when there is none.
 */
export async function postgresAccount(): Promise<Account | null> {
  if (process.getuid?.() !== 0) return null;
  for (const name of candidates) {
    const [uid, gid] = await Promise.all([idOf('-u', name), idOf('-g', name)]);
    if (uid !== null && gid !== null) return { name, uid, gid };
  }
  throw new AppError(
    'unavailable.install',
    `PostgreSQL refuses to run as root, and there is no OS user ${candidates.join(' or ')}: run as another user, or set DATABASE_URL`,
  );
}

/** Rejects with `unavailable.install` when the account may not enter one of the folders above `path`. */
export function requireWayTo(path: string, account: Account): void {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    if (!mayEnter(folder, account)) {
      throw new AppError(
        'unavailable.install',
        `PostgreSQL refuses to run as root, so it runs as the OS user ${account.name}, who may not enter ${folder}: put the project ` +
          'where others may enter, run as another user, or set DATABASE_URL',
      );
    }
    if (folder === dirname(folder)) return;
  }
}

function mayEnter(folder: string, account: Account): boolean {
  const { mode, uid, gid } = statSync(folder);
  if (uid === account.uid) return (mode & 0o100) !== 0;
  if (gid === account.gid) return (mode & 0o010) !== 0;
  return (mode & 0o001) !== 0;
}

async function idOf(flag: '-u' | '-g', name: string): Promise<number | null> {
  try {
    const { stdout } = await promisify(execFile)('id', [flag, name], { timeout: 5_000 });
    return Number(stdout);
  } catch {
    return null; // no such user
  }
}
