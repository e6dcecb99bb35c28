import type { Series } from '../../ports/telemetry.ts';
import { baselineOf } from '../baseline.ts';
import type { Baseline } from '../baseline.ts';
import { minSupport } from '../compare-proportions.ts';
import type { Samples } from '../counter-rates.ts';
import { detectOnset } from '../onset/detect-onset.ts';
import { median } from '../quantiles.ts';
import { clearScore } from '../shift.ts';
import type { Shift } from '../shift.ts';
import type { SplitWindow } from '../split-window.ts';
import { insideOf, isInside } from '../stretches.ts';
import type { Stretches } from '../stretches.ts';
import { tailShift } from '../tail-shift.ts';
import type { Onset } from '../../schemas/primitives.ts';
import { dailyCycleOf } from './daily-cycle.ts';
import type { DailyCycle } from './daily-cycle.ts';
import { levelsOf } from './levels.ts';
import { meaningOf } from './metric-meaning.ts';
import type { MetricMeaning } from './metric-meaning.ts';
import { intervalCounts } from './request-counts.ts';

/** One series compared before and after: its levels as they were compared, its baseline, and when it began to be otherwise. */
export interface SeriesShift {
  readonly series: Series;
  readonly meaning: MetricMeaning;
  /** The unit of the levels: that of the series, a second for rates. */
  readonly unit: string;
  readonly levels: Samples;
  readonly baseline: Baseline;
  readonly shift: Shift;
  readonly onset: Onset | null;
}

const rangeShare = 0.15;
const leastBefore = 4;
const leastAfter = 2;

/** Identifies a histogram: its statistics are series that agree in all else. */
export function histogramKey(series: Series): string {
  const { service, instance, metric, peer, attributes } = series;
  const pairs = Object.entries(attributes).sort(([one], [other]) => (one < other ? -1 : 1));
  return JSON.stringify([service, instance, metric, peer, pairs]);
}

/** How many raw samples stand behind a statistic of a histogram on either side, by the count of the same histogram. */
function rawSamples(
  counts: Series,
  split: SplitWindow,
): { readonly before: number; readonly after: number } {
  const { atMs, values } = intervalCounts(counts);
  const isBefore = insideOf(split.baseline);
  const isAfter = insideOf(split.after);
  let [before, after] = [0, 0];
  for (const [index, at] of atMs.entries()) {
    const value = Math.max(0, values[index] ?? 0);
    if (isBefore(at)) before += value;
    else if (isAfter(at)) after += value;
  }
  return { before, after };
}

/**
 * Compares one series before and after; null when it has fewer than four samples before or two after (one of an uptime), or when, being a statistic of a histogram
 * whose `counts` are given, fewer than ten raw samples stand behind either side. A series with a daily cycle is compared with what is usual at the time of the
 * day. The onset is looked for only where the shift is clearly out, over all samples of the series.
 */
export function seriesShift(
  series: Series,
  split: SplitWindow,
  counts: Series | null = null,
): SeriesShift | null {
  const support = counts === null ? null : rawSamples(counts, split);
  if (support !== null && Math.min(support.before, support.after) < minSupport) return null;
  const meaning = meaningOf(series);
  const { levels, unit } = levelsOf(series, meaning);
  const cycle = dailyCycleOf(levels, split.baseline);
  const compared = cycle?.flattened ?? levels;
  const { before, after } = sidesOf(compared, split);
  const baseline = baselineOf(before);
  // One reading of an uptime that fell back is enough: nothing else makes it fall.
  const least = meaning.reading === 'uptime' ? 1 : leastAfter;
  if (baseline === null || before.length < leastBefore || after.length < least) return null;
  const floor = meaning.floor ?? rangeShare * rangeOf(before, after);
  const shift = tailShift(baseline, after, floor);
  if (shift === null) return null;
  const isClear = shift.score >= clearScore;
  const found = isClear ? detectOnset(compared, floor) : null;
  const isSame = found !== null && found.shift.direction === shift.direction;
  const told = cycle === null ? shift : atUsual(shift, cycle, levels, split.after);
  return {
    series,
    meaning,
    unit,
    levels,
    baseline: cycle === null ? baseline : (baselineOf(sidesOf(levels, split).before) ?? baseline),
    shift: support === null ? told : { ...told, support: Math.round(support.after) },
    onset: isSame ? found.onset : null,
  };
}

/** The finite samples on either side, packed. */
function sidesOf(
  { atMs, values }: Samples,
  split: SplitWindow,
): { readonly before: Float64Array; readonly after: Float64Array } {
  const packed = new Float64Array(atMs.length);
  const isBefore = insideOf(split.baseline);
  const isAfter = insideOf(split.after);
  let [before, after] = [0, packed.length];
  for (let index = 0; index < atMs.length; index += 1) {
    const at = atMs[index] ?? Number.NaN;
    const value = values[index] ?? Number.NaN;
    if (!Number.isFinite(value)) continue;
    if (isBefore(at)) packed[before++] = value;
    else if (isAfter(at)) packed[--after] = value;
  }
  return { before: packed.subarray(0, before), after: packed.subarray(after) };
}

/** Tells a shift of flattened levels as it was: from what was usual at that time of the day. */
function atUsual(shift: Shift, cycle: DailyCycle, { atMs }: Samples, after: Stretches): Shift {
  const usual = median(atMs.filter((at) => isInside(after, at)).map(cycle.usualAt));
  return { ...shift, before: usual, after: usual + shift.after - shift.before };
}

function rangeOf(before: Float64Array, after: Float64Array): number {
  let most = 0;
  for (const values of [before, after]) {
    for (const value of values) most = Math.max(most, Math.abs(value));
  }
  return most;
}
