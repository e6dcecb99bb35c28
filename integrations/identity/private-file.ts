import { randomBytes } from 'node:crypto';
import { link, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Readable and writable by the owner alone. */
export const privateMode = 0o600;

/**
 * Puts a whole file in place at once, so that nobody ever reads half of it. With `keep` a file that is there stays, and the answer is false: of two
 * that write at the same time one wins.
 */
export async function placeFile(
  path: string,
  text: string,
  options: { readonly mode: number; readonly keep: boolean },
): Promise<boolean> {
  await mkdir(dirname(path), { recursive: true });
  const part = `${path}.${randomBytes(6).toString('hex')}`;
  await writeFile(part, text, { mode: options.mode, flag: 'wx' });
  try {
    if (!options.keep) {
      await rename(part, path);
      return true;
    }
    await link(part, path);
    return true;
  } catch (error) {
    if (options.keep && isThere(error)) return false;
    throw error;
  } finally {
    await rm(part, { force: true });
  }
}

function isThere(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'EEXIST';
}
