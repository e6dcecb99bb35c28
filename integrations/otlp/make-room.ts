import { readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';

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
    const madeAt = (await stat(dir)).mtimeMs;
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
  for (const entry of await readdir(dir, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile()) continue;
    const { nlink, size } = await stat(path.join(entry.parentPath, entry.name));
    if (nlink === 1) bytes += size;
  }
  return bytes;
}
