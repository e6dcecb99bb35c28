import { quantileOfSorted, sortedFinite } from './quantiles.ts';

/**
 * What a series is like when healthy. `mad` is the median absolute deviation, unscaled; `low` and `high` are the 1 % and 99 % quantiles, between
 * which the series stayed nearly always. A series that never moved is a baseline like any other, with `mad` 0 and `low` = `high`.
 */
export interface Baseline {
  readonly count: number;
  readonly median: number;
  readonly mad: number;
  readonly low: number;
  readonly high: number;
}

const tailShare = 0.01;

/**
 * Learns the baseline of a series from its healthy samples, in any order; samples that are not finite are left out. Null when none is left.
 * O(n log n).
 */
export function baselineOf(values: readonly number[]): Baseline | null {
  const sorted = sortedFinite(values);
  if (sorted.length === 0) return null;
  const centre = quantileOfSorted(sorted, 0.5);
  return {
    count: sorted.length,
    median: centre,
    mad: quantileOfSorted(sortedFinite(sorted.map((value) => Math.abs(value - centre))), 0.5),
    low: quantileOfSorted(sorted, tailShare),
    high: quantileOfSorted(sorted, 1 - tailShare),
  };
}
