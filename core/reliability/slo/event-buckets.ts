import type { Window } from '../../schemas/primitives.ts';

/**
 * Events counted over a half-open interval. `counted` are those that the SLI counts, good or bad as it says; `total` are all valid ones. Buckets
 * of several instances may overlap.
 */
export interface EventBucket {
  readonly startAt: number;
  readonly endAt: number;
  readonly counted: number;
  readonly total: number;
}

/** What a window holds: its events, and the share of its length that any bucket covers. */
export interface WindowSum {
  readonly counted: number;
  readonly total: number;
  readonly coverageRatio: number;
}

/**
 * Sums buckets over exactly the window given, never a longer, shorter or scaled one. A bucket across an edge counts by its share inside, as if
 * its events were spread evenly. O(n log n).
 */
export function sumWindow(buckets: readonly EventBucket[], window: Window): WindowSum {
  let counted = 0;
  let total = 0;
  const inside: Window[] = [];
  for (const bucket of buckets) {
    const startAt = Math.max(bucket.startAt, window.startAt);
    const endAt = Math.min(bucket.endAt, window.endAt);
    if (endAt <= startAt) continue;
    const share = (endAt - startAt) / (bucket.endAt - bucket.startAt);
    counted += bucket.counted * share;
    total += bucket.total * share;
    inside.push({ startAt, endAt });
  }
  return { counted, total, coverageRatio: unionMs(inside) / (window.endAt - window.startAt) };
}

function unionMs(windows: readonly Window[]): number {
  let lengthMs = 0;
  let reachedAt = Number.NEGATIVE_INFINITY;
  for (const { startAt, endAt } of windows.toSorted((one, other) => one.startAt - other.startAt)) {
    lengthMs += Math.max(0, endAt - Math.max(startAt, reachedAt));
    reachedAt = Math.max(reachedAt, endAt);
  }
  return lengthMs;
}
