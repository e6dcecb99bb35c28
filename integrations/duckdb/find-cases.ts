import { lstat, readdir } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../../core/errors.ts';
import { errorCodeOf } from './error-facts.ts';
import { manifestName } from './read-case.ts';

const namePattern = /^[a-z0-9-]{1,80}$/;
const maxListed = 20;

async function holdsCase(folder: string, name: string): Promise<boolean> {
  if (!namePattern.test(name)) return false;
  try {
    const [dir, manifest] = await Promise.all([
      lstat(path.join(folder, name)),
      lstat(path.join(folder, name, manifestName)),
    ]);
    return dir.isDirectory() && manifest.isFile();
  } catch {
    // What cannot be looked at is no case that could be read.
    return false;
  }
}

/** The names of the case folders directly in `folder`, sorted; empty when there is no such folder. Links are left out. */
export async function listCases(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (errorCodeOf(error) === 'ENOENT') return [];
    throw error;
  });
  const found: string[] = [];
  for (const name of names.toSorted((one, other) => (one < other ? -1 : 1)))
    if (await holdsCase(folder, name)) found.push(name);
  return found;
}

async function describeKnown(folders: readonly string[]): Promise<string> {
  const names = (await Promise.all(folders.map((folder) => listCases(folder)))).flat();
  if (names.length === 0) return 'the configured folders hold no case';
  const more = names.length > maxListed ? ` and ${names.length - maxListed} more` : '';
  return `there are ${names.slice(0, maxListed).join(', ')}${more}`;
}

/**
 * Finds the folder of the case called `name` directly in one of `folders`; the first folder that has it wins. Rejects with `not-found.case`,
 * naming up to 20 cases that are there. A name is 1 to 80 of a-z, 0-9 and `-`; anything else, such as a path, is never looked up.
 */
export async function resolveCase({
  folders,
  name,
}: {
  readonly folders: readonly string[];
  readonly name: string;
}): Promise<string> {
  for (const folder of folders) {
    if (await holdsCase(folder, name)) return path.join(folder, name);
  }
  const shown = JSON.stringify(name.slice(0, 80));
  throw new AppError(
    'not-found.case',
    `There is no case ${shown}; ${await describeKnown(folders)}.`,
    {
      details: { name: name.slice(0, 80) },
    },
  );
}
