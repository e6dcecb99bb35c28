import { shiftBetween } from './shift.ts';
import type { Shift } from './shift.ts';

/** Things counted over a time, or over so many others where that is what they are held against: `dispersion` is variance over mean of the counts in equal parts of it, 1 for independent events. */
export interface CountedRate {
  readonly count: number;
  readonly seconds: number;
  readonly dispersion?: number;
}

const minExpected = 10;
const relativeFloor = 0.2;

const nonNegative = (value: number): number => (Number.isFinite(value) && value > 0 ? value : 0);

/**
 * Compares two rates of events, per second. The scale is a fifth of the earlier rate or twice the standard error of the difference, whichever
 * is larger; the error is that of a Poisson process widened by the baseline's dispersion. Null when neither side has ten events in sight
 * or a side has no time. A rate that falls to nothing scores 5.
 */
export function compareRates(before: CountedRate, after: CountedRate): Shift | null {
  const [one, other] = [nonNegative(before.count), nonNegative(after.count)];
  if (!(before.seconds > 0) || !(after.seconds > 0)) return null;
  const levels = { before: one / before.seconds, after: other / after.seconds };
  if (!Number.isFinite(levels.before) || !Number.isFinite(levels.after)) return null;
  if (Math.max(levels.before * after.seconds, other) < minExpected) return null;
  const dispersion = Math.max(1, nonNegative(before.dispersion ?? 1));
  const pooled = (one + other) / (before.seconds + after.seconds);
  const standardError = Math.sqrt(pooled * dispersion * (1 / before.seconds + 1 / after.seconds));
  const scale = Math.max(levels.before * relativeFloor, 2 * standardError);
  return shiftBetween(levels, scale, Math.round(other));
}

/**
 * Returns variance over mean of counts in equal parts of a time; at least 1, and 1 for fewer than two parts. Independent events give about 1,
 * bursts give more. Source: Fano factor, or index of dispersion.
 */
export function dispersionOf(counts: readonly number[]): number {
  if (counts.length < 2) return 1;
  const average = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  const variance =
    counts.reduce((sum, count) => sum + (count - average) ** 2, 0) / (counts.length - 1);
  const ratio = variance / average;
  return Number.isFinite(ratio) ? Math.max(1, ratio) : 1;
}
