import type { Window } from '../../core/schemas/primitives.ts';
import type { KeptSegment } from './kept-segments.ts';

/** When nothing at all comes for this long, the system was off, or nobody listened: what came before is no baseline for what comes after. */
const silenceMs = 300_000;
/** As much as is needed before somebody noticed to know what is usual. */
const leastBaselineMs = 60_000;

/**
 * Gives when the last total silence of a window ended, in epoch milliseconds; its start when there was none. A silence that lasted until shortly before
 * `noticedAt`, or after it, belongs to the incident and is looked at.
 */
export function afterSilence(
  { startAt, endAt }: Window,
  noticedAt: number,
  segments: readonly Pick<KeptSegment, 'openedAt' | 'writtenAt'>[],
): number {
  let heardUntil = Number.POSITIVE_INFINITY;
  let from = startAt;
  for (const { openedAt, writtenAt } of segments.toSorted((a, b) => a.openedAt - b.openedAt)) {
    const isSilence = openedAt - heardUntil >= silenceMs;
    const isBefore = openedAt <= Math.min(noticedAt, endAt) - leastBaselineMs;
    if (isSilence && isBefore) from = Math.max(from, openedAt);
    heardUntil = Math.max(writtenAt, heardUntil === Number.POSITIVE_INFINITY ? 0 : heardUntil);
  }
  return from;
}
