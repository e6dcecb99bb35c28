import { minSupport } from './compare-proportions.ts';
import { quantileOfSorted, sortedFinite } from './quantiles.ts';
import type { Numbers } from './quantiles.ts';
import { shiftBetween } from './shift.ts';
import type { Shift } from './shift.ts';

const relativeFloor = 0.2;
/** So few can tell when they agree: their standard error is counted. */
const leastAfter = 5;
/** Smaller differences matter to nobody. */
export const durationFloorMs = 4;
/** Waiting for a connection or a turn of the event loop takes some milliseconds on any busy machine. */
export const gapFloorMs = 5;

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
 * P90 before, a fifth of that P90, 4 ms, and the standard errors of both percentiles taken together. Negative durations and those that are
 * not finite are left out; null when fewer than ten are left before or five after. O(n log n). Source: self-time detector of our notes; the
 * standard errors are added so that thirty samples cannot shout.
 */
export function compareDurations(
  beforeMs: readonly number[],
  afterMs: readonly number[],
): Shift | null {
  return compareAt(beforeMs, afterMs, {
    share: 0.9,
    floorMs: durationFloorMs,
    spreadOf: (sorted) => quantileOfSorted(sorted, 0.9) - quantileOfSorted(sorted, 0.5),
  });
}

/**
 * Compares gaps, in milliseconds, at their median: a way that is far makes every call late, while one that waits its turn now and then makes only the tail longer. The scale is
 * the largest of: the distance between the quartiles before, a fifth of the median, 5 ms, and the standard errors of both medians. Otherwise as `compareDurations`. Source: edge-gap
 * detector of our notes.
 */
export function compareGaps(beforeMs: readonly number[], afterMs: readonly number[]): Shift | null {
  return compareAt(beforeMs, afterMs, {
    share: 0.5,
    floorMs: gapFloorMs,
    spreadOf: (sorted) => quantileOfSorted(sorted, 0.75) - quantileOfSorted(sorted, 0.25),
  });
}

interface Comparison {
  readonly share: number;
  readonly floorMs: number;
  readonly spreadOf: (sorted: Numbers) => number;
}

function compareAt(
  beforeMs: readonly number[],
  afterMs: readonly number[],
  { share, floorMs, spreadOf }: Comparison,
): Shift | null {
  const one = sortedFinite(beforeMs.filter((value) => value >= 0));
  const other = sortedFinite(afterMs.filter((value) => value >= 0));
  if (one.length < minSupport || other.length < leastAfter) return null;
  const levels = { before: quantileOfSorted(one, share), after: quantileOfSorted(other, share) };
  const scale = Math.max(
    spreadOf(one),
    levels.before * relativeFloor,
    floorMs,
    Math.hypot(standardErrorOf(one, share), standardErrorOf(other, share)),
  );
  return shiftBetween(levels, scale, other.length);
}
