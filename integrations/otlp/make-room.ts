import { readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { errorCodeOf } from './error-code.ts';

export interface RoomLimits {
  /** A snapshot older than this is removed. */
  readonly maxAgeMs: number;
  /** Bytes that only snapshots still hold; above it the oldest go first. */
  readonly maxBytes: number;
}

/** An investigation takes at most 40 minutes: what is younger than this may be at work and is never removed. */
const spareMs = 3_600_000;

/**
 * Removes the folders in `folder` that are past their age, and of the others the oldest until what only they hold fits. What an unfinished snapshot left
 * behind counts like one. A folder that is not there has room.
 */
export async function makeRoom(folder: string, limits: RoomLimits, nowAt: number): Promise<void> {
  const kept: { readonly dir: string; readonly madeAt: number; readonly bytes: number }[] = [];
  for (const name of await readdir(folder).catch(() => [])) {
    const dir = path.join(folder, name);
    const madeAt = (await stat(dir).catch(ifGone))?.mtimeMs;
    if (madeAt === undefined) continue;
    if (nowAt - madeAt > limits.maxAgeMs) await rm(dir, { recursive: true, force: true });
    else kept.push({ dir, madeAt, bytes: await bytesAlone(dir) });
  }
  let total = kept.reduce((sum, { bytes }) => sum + bytes, 0);
  for (const { dir, madeAt, bytes } of kept.toSorted((one, other) => one.madeAt - other.madeAt)) {
    if (total <= limits.maxBytes || nowAt - madeAt <= spareMs) return;
    await rm(dir, { recursive: true, force: true });
    total -= bytes;
  }
}

/** What removing `dir` would free: the files that nothing else links to. */
async function bytesAlone(dir: string): Promise<number> {
  let bytes = 0;
  for (const name of (await readdir(dir, { recursive: true }).catch(ifGone)) ?? []) {
    const stats = await stat(path.join(dir, name)).catch(ifGone);
    if (stats?.isFile() === true && stats.nlink === 1) bytes += stats.size;
  }
  return bytes;
}

/** Another investigation takes, replaces or removes snapshots at the same time. */
function ifGone(error: unknown): null {
  if (errorCodeOf(error) === 'ENOENT') return null;
  throw error;
}
