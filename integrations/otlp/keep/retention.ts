import { rm, stat } from 'node:fs/promises';
import { errorCodeOf } from '../error-code.ts';
import { listKeptSegments } from '../kept-segments.ts';
import type { KeptSegment } from '../kept-segments.ts';

/** What is kept after a look at it, and what was removed. */
export interface Kept {
  readonly bytes: number;
  /** When the oldest segment was begun, in epoch milliseconds; null when there is none. */
  readonly oldestAt: number | null;
  readonly removed: readonly Removed[];
}

export interface Removed {
  readonly file: string;
  readonly bytes: number;
  readonly because: 'age' | 'size';
}

/** A segment is ended a minute after it was begun; twice that leaves room for a write under way. */
const surelyEndedMs = 120_000;
const always = { startAt: 0, endAt: Number.MAX_SAFE_INTEGER };

/**
 * Removes the segments in `folder` that were last written to longer than `retentionMs` ago, and then the oldest ones of whichever kind until `maxBytes` are left.
 * What may still be written to stays.
 */
export async function removeOld(
  folder: string,
  options: {
    readonly now: number;
    readonly retentionMs: number;
    readonly maxBytes: number;
    /** A segment of this size is ended, however young. */
    readonly fullBytes: number;
  },
): Promise<Kept> {
  const segments = await Promise.all((await listKeptSegments(folder, always)).map(withSize));
  const oldestFirst = segments.toSorted((one, other) => one.openedAt - other.openedAt);
  let bytes = segments.reduce((sum, one) => sum + one.bytes, 0);
  let oldestAt: number | null = null;
  const removed: Removed[] = [];
  for (const { file, openedAt, writtenAt, bytes: own } of oldestFirst) {
    const isOld = options.now - writtenAt > options.retentionMs;
    const because = isOld ? 'age' : bytes > options.maxBytes ? 'size' : null;
    const isOpen = own < options.fullBytes && options.now - openedAt < surelyEndedMs;
    if (because === null || isOpen) {
      oldestAt ??= openedAt;
    } else {
      await rm(file, { force: true });
      bytes -= own;
      removed.push({ file, bytes: own, because });
    }
  }
  return { bytes, oldestAt, removed };
}

async function withSize(segment: KeptSegment) {
  try {
    return { ...segment, bytes: (await stat(segment.file)).size };
  } catch (error) {
    if (errorCodeOf(error) === 'ENOENT') return { ...segment, bytes: 0 };
    throw error;
  }
}
