import type { Baseline } from './baseline.ts';
import { sortedFinite } from './quantiles.ts';
import type { Numbers } from './quantiles.ts';
import { shiftBetween } from './shift.ts';
import type { Shift } from './shift.ts';

const sustainedShare = 0.25;
const relativeFloor = 0.1;
const fewBefore = 3;
const fewAfter = 1;

/**
 * Scores how far samples left the range of their baseline, in the direction in which they left it further. The level compared is the one that a
 * quarter of the samples reach (the extreme one while there are fewer than five), so one stray sample in many says little. It is divided by
 * the largest of: the baseline's own tail on that side, a tenth of its median, and `floor`, the smallest difference that matters in the unit
 * of the series. Few samples say little, of either side: the scale grows by three parts in the number before and one part in the number
 * after. Null when there is nothing to compare. Source: the tail-z that our notes recommend for resource metrics; the sustained level and
 * the allowance for few samples are ours.
 */
export function tailShift(baseline: Baseline | null, values: Numbers, floor: number): Shift | null {
  const sorted = sortedFinite(values);
  if (baseline === null || sorted.length === 0) return null;
  const reached = Math.max(1, Math.ceil(sorted.length * sustainedShare));
  const high = sorted[sorted.length - reached];
  const low = sorted[reached - 1];
  if (high === undefined || low === undefined) return null;
  const centre = baseline.median;
  const least = Math.max(Math.abs(centre) * relativeFloor, floor);
  const caution = (1 + fewBefore / baseline.count) * (1 + fewAfter / sorted.length);
  const up = shiftBetween(
    { before: centre, after: Math.max(high, centre) },
    Math.max(baseline.high - centre, least) * caution,
    sorted.length,
  );
  const down = shiftBetween(
    { before: centre, after: Math.min(low, centre) },
    Math.max(centre - baseline.low, least) * caution,
    sorted.length,
  );
  return down.score > up.score ? down : up;
}
