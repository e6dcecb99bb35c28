import type { Samples } from '../counter-rates.ts';
import { baselineOf } from '../baseline.ts';
import { median } from '../quantiles.ts';
import { isInside, secondsOf } from '../stretches.ts';
import type { Stretches } from '../stretches.ts';

const dayMs = 86_400_000;
const slotMs = 1_800_000;
const slotCount = dayMs / slotMs;
const leastDays = 3;
/** From fewer samples a time of the day is not known, and noise would be taken for a cycle. */
const leastInSlot = 10;
/** How much closer together samples lie once the cycle is taken out, at the least. */
const explainedShare = 0.5;

/** What a series does every day. */
export interface DailyCycle {
  /** The level that is usual at the time of the day of an instant. */
  usualAt(at: number): number;
  /** The levels with what is usual taken out and the median of the baseline put in its place. */
  readonly flattened: Samples;
}

/**
 * Learns what a series does every day, in UTC: the median of each half-hour of the day over a baseline. Null when that is shorter than three days, when some
 * half-hour has fewer than ten samples, or when the time of the day explains less than half of how far the samples usually lie from their median. O(n log n).
 * Source: the seasonal subseries of Cleveland et al., "STL: A Seasonal-Trend Decomposition Procedure Based on Loess" (1990), with medians in the place of
 * smoothing and without a trend.
 */
export function dailyCycleOf(levels: Samples, baseline: Stretches): DailyCycle | null {
  if (secondsOf(baseline) * 1_000 < leastDays * dayMs) return null;
  const slots: number[][] = Array.from({ length: slotCount }, () => []);
  const before: number[] = [];
  for (const [index, at] of levels.atMs.entries()) {
    const value = levels.values[index] ?? Number.NaN;
    if (!isInside(baseline, at) || !Number.isFinite(value)) continue;
    slots[slotOf(at)]?.push(value);
    before.push(value);
  }
  if (slots.some((slot) => slot.length < leastInSlot)) return null;
  const usual = slots.map(median);
  const usualAt = (at: number): number => usual[slotOf(at)] ?? Number.NaN;
  const plain = baselineOf(before);
  if (plain === null) return null;
  const values = levels.values.map(
    (value, index) => value - usualAt(levels.atMs[index] ?? Number.NaN) + plain.median,
  );
  const left = baselineOf(
    values.filter((_value, index) => isInside(baseline, levels.atMs[index] ?? Number.NaN)),
  );
  const isExplained = left !== null && left.mad < plain.mad * explainedShare;
  return isExplained ? { usualAt, flattened: { atMs: levels.atMs, values } } : null;
}

const slotOf = (at: number): number => Math.floor((((at % dayMs) + dayMs) % dayMs) / slotMs);
