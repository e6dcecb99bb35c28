import { open, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';

const ownerOnly = 0o600;

/** A file of export requests, one a line, that is being written. */
export interface Segment {
  readonly openedAt: number;
  readonly bytes: number;
  /** Adds lines; resolves when they are on the disk. After a failure the segment is to be closed. */
  append(lines: Buffer): Promise<void>;
  close(): Promise<void>;
}

/** Begins a segment; once this has resolved its name is on the disk too. */
export async function openSegment(path: string, openedAt: number): Promise<Segment> {
  const handle = await open(path, 'ax', ownerOnly);
  let bytes = 0;
  await syncFolder(dirname(path));
  return {
    openedAt,
    get bytes() {
      return bytes;
    },
    append: async (lines) => {
      await handle.writeFile(lines);
      await handle.datasync();
      bytes += lines.length;
    },
    close: async () => {
      try {
        // Of lines that failed there may be a part, for which nobody was told that it is kept.
        await handle.truncate(bytes);
      } finally {
        await handle.close();
        if (bytes === 0) await rm(path, { force: true });
      }
    },
  };
}

/** A new name in a folder outlives a loss of power only when the folder has been written too. */
async function syncFolder(path: string): Promise<void> {
  const folder: FileHandle = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
