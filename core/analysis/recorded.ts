import { secondsOf } from './stretches.ts';
import type { Stretches } from './stretches.ts';

/** Learns when a source was recorded at all. */
export interface Recorder {
  add(at: number): void;
  /** Null for a source that was recorded all the time, so that its silence says something. */
  stretches(): Stretches | null;
}

const slotMs = 10_000;
/** Silence that is longer may be a time of which nothing was recorded. */
const longestSilenceMs = 60_000;
const leastShare = 0.5;

/**
 * Tells a source that was recorded in pieces, of which most of the time is missing, from one that was recorded all the time: silent for more than a minute at a time,
 * and in sum for more than half of the time between its first and its last record. What is not recorded is not quiet. Takes instants in any order; memory grows with
 * the time that they span, an entry for ten seconds.
 */
export function createRecorder(): Recorder {
  const slots = new Set<number>();
  return {
    add: (at) => {
      slots.add(Math.floor(at / slotMs));
    },
    stretches: () => {
      const pieces: { startAt: number; endAt: number }[] = [];
      for (const slot of [...slots].sort((one, other) => one - other)) {
        const startAt = slot * slotMs;
        const last = pieces.at(-1);
        if (last !== undefined && startAt - last.endAt <= longestSilenceMs) {
          last.endAt = startAt + slotMs;
        } else {
          pieces.push({ startAt, endAt: startAt + slotMs });
        }
      }
      const [first, last] = [pieces[0], pieces.at(-1)];
      if (first === undefined || last === undefined) return null;
      const spanned = (last.endAt - first.startAt) / 1_000;
      return secondsOf(pieces) < spanned * leastShare ? pieces : null;
    },
  };
}
