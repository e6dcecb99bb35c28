import type { Series } from '../../ports/telemetry.ts';
import type { Aspect } from '../../schemas/digest.ts';
import { detectOnset } from '../onset/detect-onset.ts';
import { median } from '../quantiles.ts';
import { failureOnset, trafficOnset } from './count-onset.ts';
import type { SampledOnset } from './count-onset.ts';
import { isAbout } from './alerted-metric.ts';
import { meaningOf } from './metric-meaning.ts';
import type { MetricMeaning } from './metric-meaning.ts';
import { requestCounts } from './request-counts.ts';
import type { RequestCounts } from './request-counts.ts';
import { levelsOf } from './levels.ts';

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
 * shares of failures, durations, and counts alone; also when whatever else an alert watches (`symptom`) began to be otherwise. At most one result an
 * aspect, the clearest; what others answer it is left out. The counterpart of `serviceOnset` where there are no traces, as exact as the metrics' interval.
 */
export function metricsOnset(
  all: readonly Series[],
  service: string,
  symptom: string | null = null,
): readonly SampledOnset[] {
  const own = all.filter((series) => series.service === service && series.peer === null);
  const counts = requestCounts(own.filter((series) => !meaningOf(series).isOutgoing));
  const counted = new Set(counts.flatMap(({ series }) => series));
  const found = [
    ...counts.map(failureOnset),
    ...counts.map(trafficOnset),
    ...own.map((series) => (counted.has(series) ? null : levelOnset(series, symptom))),
  ].flatMap((one) => one ?? []);
  const ordered = found.sort((one, other) => other.shift.score - one.shift.score);
  return ordered.filter(
    ({ aspect }, index) => ordered.findIndex((one) => one.aspect === aspect) === index,
  );
}

const felt: ReadonlySet<Aspect> = new Set<Aspect>(['duration', 'error-ratio']);

function levelOnset(series: Series, symptom: string | null): SampledOnset | null {
  const meaning = meaningOf(series);
  const isWatched = symptom !== null && isAbout(symptom, series, meaning.aspect);
  const isFelt = felt.has(meaning.aspect) && !meaning.isOutgoing && isPlain(series, meaning);
  if (!isWatched && !isFelt) return null;
  const { levels, unit } = levelsOf(series, meaning);
  const floor = meaning.floor ?? relativeFloor * Math.abs(median(levels.values));
  const found = detectOnset(levels, floor);
  return found === null
    ? null
    : { aspect: meaning.aspect, operation: series.metric, unit, samples: levels, ...found };
}

/** Extremes and sums move with traffic; what runs up is no share of failures. */
function isPlain({ statistic }: Series, { reading }: MetricMeaning): boolean {
  const isLevel = reading === 'level' || reading === 'success';
  return statistic !== 'max' && statistic !== 'sum' && isLevel;
}
