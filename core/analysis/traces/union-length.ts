/** A stretch of time, both ends in the same unit. */
export interface Interval {
  readonly startAt: number;
  readonly endAt: number;
}

/** Returns how much of `bounds` is covered by at least one of the intervals. O(n log n). */
export function unionLength(intervals: readonly Interval[], bounds: Interval): number {
  const ordered = [...intervals].sort((one, other) => one.startAt - other.startAt);
  let covered = 0;
  let reachedAt = bounds.startAt;
  for (const { startAt, endAt } of ordered) {
    const from = Math.max(startAt, reachedAt);
    const to = Math.min(endAt, bounds.endAt);
    if (to <= from) continue;
    covered += to - from;
    reachedAt = to;
  }
  return covered;
}
