import { quantileOfSorted, sortedFinite } from './quantiles.ts';
import type { Numbers } from './quantiles.ts';

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
export function baselineOf(values: Numbers): Baseline | null {
  const sorted = sortedFinite(values);
  if (sorted.length === 0) return null;
  const centre = quantileOfSorted(sorted, 0.5);
  return {
    count: sorted.length,
    median: centre,
    mad: medianDistance(sorted, centre),
    low: quantileOfSorted(sorted, tailShare),
    high: quantileOfSorted(sorted, 1 - tailShare),
  };
}

/** The median of the distances from the median, without sorting them: they grow to either side of it. */
function medianDistance(sorted: Numbers, centre: number): number {
  const count = sorted.length;
  let left = Math.floor((count - 1) / 2);
  let right = left + 1;
  let [before, last] = [0, 0];
  for (let taken = 0; taken <= Math.floor(count / 2); taken += 1) {
    const down = centre - (sorted[left] ?? Number.NEGATIVE_INFINITY);
    const up = (sorted[right] ?? Number.POSITIVE_INFINITY) - centre;
    before = last;
    if (down <= up) left -= 1;
    else right += 1;
    last = Math.min(down, up);
  }
  return quantileOfSorted(count % 2 === 1 ? [last] : [before, last], 0.5);
}
