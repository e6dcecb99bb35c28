import type { Series } from '../../ports/telemetry.ts';
import type { MetricSelector, Sli } from '../../schemas/slo.ts';
import { shortestWindowMs } from './burn-windows.ts';
import type { EventBucket } from './event-buckets.ts';

/** Gives what has to be read to measure an SLI, each selector once. */
export function selectorsOf(sli: Sli): readonly MetricSelector[] {
  return sli.kind === 'ratio' ? [sli.counted, sli.total] : [sli.measured];
}

/**
 * Turns series into buckets of events. Counters are running totals: a bucket is the increase between two readings, and a total that falls has
 * begun again at 0. Other kinds hold events per interval, which ends at the sample. Two samples further apart than the shortest burn window
 * leave a hole, since nobody knows when in between the events were. A first reading has no bucket. Series that `sli` does not select are ignored.
 * Where a ratio finds no series of counted events at all there are no buckets: a misspelt selector is neither perfection nor an outage.
 */
export function countEvents(sli: Sli, series: readonly Series[]): readonly EventBucket[] {
  if (sli.kind === 'ratio' && !series.some((one) => isSelected(one, sli.counted))) return [];
  const buckets = new Map<string, { -readonly [Key in keyof EventBucket]: EventBucket[Key] }>();
  const add = (interval: Interval, field: 'counted' | 'total', count: number): void => {
    const key = `${interval.startAt} ${interval.endAt}`;
    const bucket = buckets.get(key) ?? { ...interval, counted: 0, total: 0 };
    bucket[field] += count;
    buckets.set(key, bucket);
  };
  for (const one of series) {
    for (const { value, increase, ...interval } of intervals(one)) {
      if (sli.kind === 'threshold') {
        if (!isSelected(one, sli.measured)) continue;
        add(interval, 'total', 1);
        if (isGood(value, sli)) add(interval, 'counted', 1);
      } else {
        if (isSelected(one, sli.total)) add(interval, 'total', increase);
        if (isSelected(one, sli.counted)) add(interval, 'counted', increase);
      }
    }
  }
  return [...buckets.values()];
}

interface Interval {
  readonly startAt: number;
  readonly endAt: number;
}

function* intervals(
  series: Series,
): Generator<Interval & { readonly value: number; readonly increase: number }> {
  for (const [index, endAt] of series.atMs.entries()) {
    const startAt = series.atMs[index - 1];
    const before = series.values[index - 1];
    const value = series.values[index];
    if (startAt === undefined || before === undefined || value === undefined) continue;
    if (endAt <= startAt || endAt - startAt > shortestWindowMs) continue;
    if (!Number.isFinite(value) || !Number.isFinite(before)) continue;
    const gained = series.kind === 'counter' && value >= before ? value - before : value;
    yield { startAt, endAt, value, increase: Math.max(0, gained) };
  }
}

function isSelected(series: Series, selector: MetricSelector): boolean {
  return (
    series.metric === selector.metric &&
    (selector.service === undefined || series.service === selector.service) &&
    (selector.statistic === undefined || series.statistic === selector.statistic) &&
    Object.entries(selector.attributes).every(([name, value]) => series.attributes[name] === value)
  );
}

function isGood(value: number, sli: Extract<Sli, { kind: 'threshold' }>): boolean {
  switch (sli.comparison) {
    case 'lt':
      return value < sli.threshold;
    case 'lte':
      return value <= sli.threshold;
    case 'gt':
      return value > sli.threshold;
    case 'gte':
      return value >= sli.threshold;
  }
}
