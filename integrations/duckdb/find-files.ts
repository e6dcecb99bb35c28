import type { Dirent, Stats } from 'node:fs';
import { lstat, readdir, realpath } from 'node:fs/promises';
import path from 'node:path';
import { casePathError } from './case-error.ts';
import type { CasePlace } from './case-error.ts';
import { errorCodeOf } from './error-facts.ts';
import { matchName } from './match-name.ts';

const maxFiles = 1_000;
const maxEntries = 20_000;
const wildcard = /[*?]/;
/** Characters that DuckDB would take for a pattern of its own, or that no path of ours needs. */
const forbiddenInNames = /[*?[\]{}\\\p{Cc}]/u;

interface Search {
  /** The real path of the case folder. */
  readonly root: string;
  readonly pattern: string;
  readonly place: CasePlace;
}

function splitPattern({ pattern, place }: Search): readonly string[] {
  const refuse = (says: string): never => {
    throw casePathError(place, pattern, says);
  };
  if (/[\p{Cc}\\]/u.test(pattern)) refuse('has a control character or a backslash');
  if (path.posix.isAbsolute(pattern) || path.win32.isAbsolute(pattern))
    refuse('is an absolute path');
  if (/^[a-z]{1,10}:/i.test(pattern)) refuse('is not a path inside the case folder');
  const parts = pattern.split('/');
  if (parts.includes('..')) refuse('leaves the case folder by ".."');
  if (parts.includes('**')) refuse('has "**"; "*" stands for a part of one name');
  if (/[[\]{}]/.test(pattern)) refuse('has [ ] { or }; only "*" and "?" are wildcards');
  if (parts.some((part) => part === '')) refuse('has an empty part');
  return parts.filter((part) => part !== '.');
}

function isAbsent(error: unknown): boolean {
  const code = errorCodeOf(error);
  return code === 'ENOENT' || code === 'ENOTDIR';
}

async function statLink(file: string): Promise<Stats | null> {
  try {
    return await lstat(file);
  } catch (error) {
    if (isAbsent(error)) return null;
    throw error;
  }
}

async function readNames(search: Search, folder: string, part: string): Promise<readonly string[]> {
  if (!wildcard.test(part)) return [part];
  let entries: Dirent[];
  try {
    entries = await readdir(path.join(search.root, folder), { withFileTypes: true });
  } catch (error) {
    if (isAbsent(error)) return [];
    throw error;
  }
  if (entries.length > maxEntries) {
    throw casePathError(
      search.place,
      search.pattern,
      `looks into a folder of more than ${maxEntries} entries`,
    );
  }
  return entries.map((entry) => entry.name).filter((name) => matchName(part, name));
}

/** Goes one step down: `part` under each of `folders`. Links are refused; what is not there, or of another type, is left out. */
async function descend(
  search: Search,
  folders: readonly string[],
  step: { readonly part: string; readonly isLast: boolean },
): Promise<readonly string[]> {
  const found: string[] = [];
  for (const folder of folders) {
    for (const name of await readNames(search, folder, step.part)) {
      const relative = path.posix.join(folder, name);
      const stats = await statLink(path.join(search.root, relative));
      if (stats === null) continue;
      if (stats.isSymbolicLink()) {
        throw casePathError(search.place, relative, 'is a symbolic link');
      }
      if (step.isLast ? stats.isFile() : stats.isDirectory()) found.push(relative);
      else if (!wildcard.test(step.part)) {
        throw casePathError(
          search.place,
          relative,
          step.isLast ? 'is not a regular file' : 'is not a folder',
        );
      }
    }
  }
  return found;
}

/**
 * Finds the regular files that `pattern` (`*` and `?` within a name) names inside a case folder, as sorted relative paths; empty when there
 * are none. Rejects with `invalid.case-path` for absolute paths, `..`, symbolic links anywhere on the way, and more than 1,000 files.
 */
export async function findFiles(search: Search): Promise<readonly string[]> {
  const parts = splitPattern(search);
  let found: readonly string[] = [''];
  for (const [index, part] of parts.entries()) {
    found = await descend(search, found, { part, isLast: index === parts.length - 1 });
  }
  if (found.length > maxFiles) {
    throw casePathError(search.place, search.pattern, `names more than ${maxFiles} files`);
  }
  for (const file of found) await checkInside(search, file);
  return found.toSorted((one, other) => (one < other ? -1 : 1));
}

/** Checks, on the real path, that a file of a case still is a regular file inside the folder, reached without a link. */
export async function checkInside(
  { root, place }: Pick<Search, 'root' | 'place'>,
  file: string,
): Promise<string> {
  if (file.split('/').some((name) => forbiddenInNames.test(name))) {
    throw casePathError(place, file, 'has a character that names of case files may not have');
  }
  const wanted = path.join(root, ...file.split('/'));
  const stats = await statLink(wanted);
  if (stats === null || !stats.isFile() || (await realpath(wanted)) !== wanted) {
    throw casePathError(place, file, 'is no longer a regular file inside the case folder');
  }
  return wanted;
}
