import { restartsOf, riseBeforeRestart } from '../core/analysis/metrics/before-restart.ts';
import { meaningOf } from '../core/analysis/metrics/metric-meaning.ts';
import { requestCounts } from '../core/analysis/metrics/request-counts.ts';
import type { SeriesShift } from '../core/analysis/metrics/series-shift.ts';
import { discountUnrelated } from '../core/analysis/metrics/discount-unrelated.ts';
import type { Condition } from '../core/analysis/platform/condition.ts';
import { conditionOfLevel } from '../core/analysis/platform/level-rules.ts';
import { clearScore } from '../core/analysis/shift.ts';
import { isInside, isWithin } from '../core/analysis/stretches.ts';
import type { SplitWindow } from '../core/analysis/split-window.ts';
import type { Window } from '../core/schemas/primitives.ts';
import { histogramKey, seriesShift } from '../core/analysis/metrics/series-shift.ts';
import { shiftOfSeries, shiftsOfCounts } from '../core/analysis/metrics/service-metrics.ts';
import type { MetricShift } from '../core/analysis/metrics/service-metrics.ts';
import { compareTexts } from '../core/compare-texts.ts';
import type { Series } from '../core/ports/telemetry.ts';
import type { ToolContext } from '../core/ports/tool.ts';
import type { Observation } from '../core/schemas/digest.ts';
import { observationOf } from '../core/observation.ts';
import { observeConditions } from './observe-condition.ts';
import type { Provenance } from './draft-evidence.ts';
import { createPause } from './pace.ts';
import { readSeries } from './read-series.ts';
import { onsetWithin, splitContext, windowToRead } from './split-context.ts';

/** All series of the services looked at, compared; strongest first. */
export interface ComparedMetrics {
  readonly shifts: readonly MetricShift[];
  /** Resources that are used up, where comparing does not tell. */
  readonly conditions: readonly Observation[];
  readonly seriesCount: number;
  readonly read: Provenance;
  readonly truncated: string | null;
  readonly note: string;
}

/** Reads the metrics of the window and compares every series before and after what is suspected, giving way to others as it goes. */
export async function compareMetrics(
  context: ToolContext,
  wanted: readonly string[] | null,
): Promise<ComparedMetrics> {
  const pause = createPause(context.signal);
  const read = await readSeries(context, windowToRead(context));
  const isWanted = ({ service }: Pick<Series, 'service'>): boolean =>
    wanted === null || (service !== null && wanted.includes(service));
  const alerted = context.alert?.entity?.name;
  // What the alert is about is compared in any case: all else is held against it.
  const rows = read.rows.filter((one) => isWanted(one) || one.service === alerted);
  const holds = (healthy: Window): boolean =>
    rows.some(({ atMs }) => atMs.some((at) => isWithin(healthy, at)));
  const { split, note } = splitContext(context, holds);
  // A series that the healthy window lacks can still be compared within the window.
  const otherwise = splitContext(context, () => false).split;
  const services = new Set(read.rows.flatMap(({ service }) => service ?? []));
  const histograms = new Map(
    rows
      .filter(({ statistic }) => statistic === 'count')
      .map((series) => [histogramKey(series), series] as const),
  );
  const countOf = (series: Series): Series | null =>
    series.statistic === null || series.statistic === 'count'
      ? null
      : (histograms.get(histogramKey(series)) ?? null);
  const restarts = restartsByProcess(rows);
  const shifts: MetricShift[] = [];
  const levels: Condition[] = [];
  const counts = requestCounts(rows);
  const counted = new Set(counts.flatMap(({ series }) => series));
  for (const one of counts) {
    const isHeld = split !== null && one.atMs.some((at) => isInside(split.baseline, at));
    const used = isHeld ? split : otherwise;
    if (used !== null) shifts.push(...shiftsOfCounts(one, used, services));
    await pause();
  }
  for (const series of rows) {
    if (series.service === null || counted.has(series)) continue;
    const found =
      riseBeforeRestart(series, restarts.get(processOf(series)) ?? []) ??
      compareSeries(series, [split, otherwise], countOf(series));
    if (found !== null) shifts.push(shiftOfSeries(found, series.service, services));
    const isLeftOut = isTold(found) || !isWanted(series);
    const level = isLeftOut ? null : conditionOfLevel(series, context.window.endAt);
    if (level !== null) levels.push(level);
    await pause();
  }
  const where = rows.some(isWanted) ? note : `no series of metrics; ${note}`;
  return {
    shifts: discountUnrelated(shifts, context.alert, context.window)
      .filter(isWanted)
      .map((one) => ({ ...one, onset: onsetWithin(context.window, one.onset) }))
      .sort(byStrength),
    conditions: observeConditions(levels, context),
    seriesCount: rows.filter(isWanted).length,
    read: { query: read.query, source: read.source },
    truncated: read.truncated,
    note: where,
  };
}

/** Whether comparing shows that a resource is used up more than before: its level says no more. */
function isTold(found: SeriesShift | null): boolean {
  return (
    found !== null && found.shift.score >= clearScore && found.meaning.aspect !== 'other-metric'
  );
}

/** Strongest first; what is equally strong by all that is told of it, so that the order in which series come decides nothing. */
function byStrength(one: MetricShift, other: MetricShift): number {
  return (
    other.shift.score - one.shift.score ||
    compareTexts(one.name, other.name) ||
    compareTexts(one.service, other.service) ||
    compareTexts(one.peer?.name ?? '', other.peer?.name ?? '') ||
    compareTexts(one.unit, other.unit) ||
    other.shift.support - one.shift.support ||
    other.shift.before - one.shift.before ||
    other.shift.after - one.shift.after
  );
}

const processOf = ({ service, instance }: Series): string => JSON.stringify([service, instance]);

function restartsByProcess(rows: readonly Series[]): ReadonlyMap<string, readonly number[]> {
  const uptimes = rows.filter((series) => meaningOf(series).reading === 'uptime');
  return new Map(uptimes.map((series) => [processOf(series), restartsOf(series)]));
}

/** Compares by the first of the splits that has enough samples on either side. */
function compareSeries(
  series: Series,
  splits: readonly (SplitWindow | null)[],
  counts: Series | null,
): SeriesShift | null {
  for (const split of splits) {
    const found = split === null ? null : seriesShift(series, split, counts);
    if (found !== null) return found;
  }
  return null;
}

/** Writes what a metric says of a service as an observation of that service. */
export function metricObservation(one: MetricShift): Observation {
  const { service, peer, aspect, name, unit, shift, onset } = one;
  return observationOf({
    entity: { kind: 'service', name: service },
    peer,
    aspect,
    name,
    unit,
    shift,
    onset,
  });
}

/** The score below which a difference is not worth a line. */
export const leastScore = 1;
