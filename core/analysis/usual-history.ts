import { robustSpread } from './robust-spread.ts';
import { isInside, leastHistory } from './stretches.ts';
import type { Stretches } from './stretches.ts';

/** Something measured at an instant. */
export interface Measured {
  readonly at: number;
  readonly value: number;
}

const leastInStretch = 3;
const outlying = 3;
const relativeFloor = 0.3;

/**
 * Gives the values measured in a history without those of times that were themselves out of the ordinary: of a history of five stretches or more a stretch is left out
 * whose mean lies three robust standard deviations from the median of all means; a deviation is at least three tenths of that median, or `floor`. Somebody's list of
 * healthy times is seldom clean, and one bad time among many would hide what is bad now. O(n log m).
 */
export function usualHistory(
  measured: readonly Measured[],
  baseline: Stretches,
  floor: number,
): readonly number[] {
  if (baseline.length < leastHistory) {
    return measured.filter(({ at }) => isInside(baseline, at)).map(({ value }) => value);
  }
  const parts = baseline
    .map((one) => measured.filter(({ at }) => isInside([one], at)).map(({ value }) => value))
    .filter((part) => part.length > 0);
  const means = parts.filter((part) => part.length >= leastInStretch).map(meanOf);
  if (means.length < leastHistory) return parts.flat();
  const { centre, spread } = robustSpread(means);
  const limit = outlying * Math.max(spread, Math.abs(centre) * relativeFloor, floor);
  return parts.filter((part) => Math.abs(meanOf(part) - centre) <= limit).flat();
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
