import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { openSegment } from './segment.ts';
import type { Segment } from './segment.ts';

/** The segment that is being written. Its calls may not overlap. */
export interface CurrentSegment {
  /** Adds lines to it, or to the next one where it is full or a minute old. After a failure the next lines begin a new one. */
  append(lines: Buffer): Promise<void>;
  end(): Promise<void>;
  /** Ends it when it is a minute old, so that nothing stays open where nothing comes. */
  endOld(): Promise<void>;
}

/** Whoever reads segments counts on this: one that nobody has written to for longer is whole. */
const maxAgeMs = 60_000;
const ownerOnly = 0o700;

/** Keeps the segments of one kind of telemetry in `dir`, as `<opened at>-<pid>-<number>.jsonl`: several processes may write there. */
export function createCurrentSegment(options: {
  readonly dir: string;
  readonly maxBytes: number;
  readonly now: () => number;
  readonly pid: number;
  /** A segment has been ended. */
  readonly onEnd: () => void;
}): CurrentSegment {
  const { dir, maxBytes, now, pid, onEnd } = options;
  let segment: Segment | null = null;
  let ordinal = 0;
  const end = async (): Promise<void> => {
    const ended = segment;
    if (ended === null) return;
    segment = null;
    await ended.close();
    onEnd();
  };
  const begin = async (): Promise<Segment> => {
    await mkdir(dir, { recursive: true, mode: ownerOnly });
    ordinal += 1;
    const openedAt = now();
    return openSegment(join(dir, `${openedAt}-${pid}-${ordinal}.jsonl`), openedAt);
  };
  const isOld = (one: Segment): boolean => now() - one.openedAt >= maxAgeMs;
  return {
    end,
    endOld: async () => {
      if (segment !== null && isOld(segment)) await end();
    },
    append: async (lines) => {
      if (segment !== null && (segment.bytes >= maxBytes || isOld(segment))) await end();
      segment ??= await begin();
      try {
        await segment.append(lines);
      } catch (error) {
        await end().catch(() => undefined); // The first failure is the one to tell of.
        throw error;
      }
    },
  };
}
