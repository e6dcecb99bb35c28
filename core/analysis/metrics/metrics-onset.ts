import type { Series } from '../../ports/telemetry.ts';
import { detectOnset } from '../onset/detect-onset.ts';
import type { ServiceOnset } from '../onset/service-onset.ts';
import { median } from '../quantiles.ts';
import { failureOnset, trafficOnset } from './count-onset.ts';
import { meaningOf } from './metric-meaning.ts';
import { requestCounts } from './request-counts.ts';
import type { RequestCounts } from './request-counts.ts';
import { levelsOf } from './series-shift.ts';

const relativeFloor = 0.2;

/**
 * Returns the service that the metrics count most requests for, of those served and not sent; ties break by name, null when none are counted. Without traces
 * it stands in for the service at which users come in.
 */
export function busiestService(counts: readonly RequestCounts[]): string | null {
  const totals = new Map<string, number>();
  for (const { service, peer, totals: values } of counts) {
    if (peer !== null) continue;
    const sum = values.reduce((all, value) => all + value, 0);
    totals.set(service, Math.max(totals.get(service) ?? 0, sum));
  }
  const ordered = [...totals].sort(([one, sum], [other, otherSum]) =>
    sum === otherSum ? (one < other ? -1 : 1) : otherSum - sum,
  );
  return ordered[0]?.[0] ?? null;
}

/**
 * Dates when one service began to fail more, to be slower, or to be asked more or less often, from its metrics: counts of requests split by outcome,
 * durations, and counts alone. At most one result an aspect, the clearest; what others answer it is left out. The counterpart of
 * `serviceOnset` where there are no traces, as exact as the metrics' interval.
 */
export function metricsOnset(all: readonly Series[], service: string): readonly ServiceOnset[] {
  const own = all.filter((series) => series.service === service && series.peer === null);
  const counts = requestCounts(own.filter((series) => !meaningOf(series).isOutgoing));
  const found = [
    ...counts.map(failureOnset),
    ...counts.map(trafficOnset),
    ...own.map(durationOnset),
  ].flatMap((one) => one ?? []);
  const ordered = found.sort((one, other) => other.shift.score - one.shift.score);
  return ordered.filter(
    ({ aspect }, index) => ordered.findIndex((one) => one.aspect === aspect) === index,
  );
}

function durationOnset(series: Series): ServiceOnset | null {
  const meaning = meaningOf(series);
  const isOwn = meaning.aspect === 'duration' && !meaning.isOutgoing;
  if (!isOwn || series.statistic === 'max' || series.statistic === 'sum') return null;
  const { levels, unit } = levelsOf(series, meaning);
  const found = detectOnset(levels, meaning.floor ?? relativeFloor * median(levels.values));
  return found === null ? null : { aspect: 'duration', operation: series.metric, unit, ...found };
}
