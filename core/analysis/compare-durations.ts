import { minSupport } from './compare-proportions.ts';
import { quantileOfSorted, sortedFinite } from './quantiles.ts';
import type { Numbers } from './quantiles.ts';
import { shiftBetween } from './shift.ts';
import type { Shift } from './shift.ts';

const share = 0.9;
const relativeFloor = 0.2;
const defaultFloorMs = 4;

/**
 * The standard error of a quantile, from the order statistics one binomial standard deviation to either side of it. Source: the distribution-free
 * interval for quantiles, David and Nagaraja, "Order Statistics" (2003), section 7.1.
 */
function standardErrorOf(sorted: Numbers, share: number): number {
  const step = Math.sqrt((share * (1 - share)) / sorted.length);
  const high = quantileOfSorted(sorted, Math.min(1, share + step));
  const low = quantileOfSorted(sorted, Math.max(0, share - step));
  return (high - low) / 2;
}

/**
 * Compares how long something took, in milliseconds, at its ninetieth percentile. The scale is the largest of: the distance from median to
 * P90 before, a fifth of that P90, `floorMs` (default 4 ms), and the standard errors of both percentiles taken together. Negative durations and those that are
 * not finite are left out; null when fewer than ten are left on either side. O(n log n). Source: self-time detector of our notes; the
 * standard errors are added so that thirty samples cannot shout.
 */
export function compareDurations(
  beforeMs: readonly number[],
  afterMs: readonly number[],
  floorMs: number = defaultFloorMs,
): Shift | null {
  const one = sortedFinite(beforeMs.filter((value) => value >= 0));
  const other = sortedFinite(afterMs.filter((value) => value >= 0));
  if (one.length < minSupport || other.length < minSupport) return null;
  const levels = { before: quantileOfSorted(one, share), after: quantileOfSorted(other, share) };
  const scale = Math.max(
    levels.before - quantileOfSorted(one, 0.5),
    levels.before * relativeFloor,
    floorMs,
    Math.hypot(standardErrorOf(one, share), standardErrorOf(other, share)),
  );
  return shiftBetween(levels, scale, other.length);
}
