import type { Series } from '../../core/ports/telemetry.ts';
import type { Point, Sample, SeriesHead } from './to-series.ts';

/** What was counted in one interval: how many in each bucket, and their mean. */
interface Counted {
  readonly count: number;
  readonly sum: number;
  readonly buckets: readonly number[];
  readonly bounds: readonly number[];
}

const quantiles = [
  ['p50', 0.5],
  ['p95', 0.95],
  ['p99', 0.99],
] as const;

/** Turns points of distributions into one series a statistic: `count` an interval, `avg`, and quantiles interpolated within their bucket. */
export function distributionSeries(
  head: SeriesHead,
  points: readonly (Point & { readonly at: number })[],
  metricKind: string,
): readonly Series[] {
  const read = points.map(({ at, value }) => ({
    at,
    counted: countedOf(value?.distributionValue),
  }));
  const intervals = metricKind === 'CUMULATIVE' ? differences(read) : read;
  const filled = intervals.filter(({ counted }) => counted.count > 0);
  const seriesOf = (statistic: string, valueOf: (counted: Counted) => number): Series => {
    const samples: readonly Sample[] = filled.map(({ at, counted }) => ({
      at,
      value: valueOf(counted),
    }));
    return {
      ...head,
      ...{ statistic, kind: 'histogram' },
      unit: statistic === 'count' ? '1' : head.unit,
      atMs: samples.map(({ at }) => at),
      values: samples.map(({ value }) => value),
    };
  };
  if (filled.length === 0) return [];
  return [
    seriesOf('count', ({ count }) => count),
    seriesOf('avg', ({ sum, count }) => sum / count),
    ...quantiles.map(([name, share]) => seriesOf(name, (counted) => quantileOf(counted, share))),
  ];
}

type Distribution = NonNullable<NonNullable<Point['value']>['distributionValue']>;

function countedOf(distribution: Distribution | null | undefined): Counted {
  const count = Number(distribution?.count ?? 0);
  return {
    count,
    sum: count * (distribution?.mean ?? 0),
    buckets: (distribution?.bucketCounts ?? []).map(Number),
    bounds: boundsOf(distribution),
  };
}

/** The upper bounds of all buckets but the last, which has none. */
function boundsOf(distribution: Distribution | null | undefined): readonly number[] {
  const { explicitBuckets, exponentialBuckets, linearBuckets } = distribution?.bucketOptions ?? {};
  if (explicitBuckets != null) return explicitBuckets.bounds ?? [];
  if (exponentialBuckets != null) {
    const { numFiniteBuckets, growthFactor, scale } = exponentialBuckets;
    return boundsUpTo(numFiniteBuckets, (at) => (scale ?? 1) * (growthFactor ?? 2) ** at);
  }
  const { numFiniteBuckets, offset, width } = linearBuckets ?? {};
  return boundsUpTo(numFiniteBuckets, (at) => (offset ?? 0) + (width ?? 1) * at);
}

function boundsUpTo(
  finite: number | null | undefined,
  boundOf: (at: number) => number,
): readonly number[] {
  return Array.from({ length: Math.min(1_000, finite ?? 0) + 1 }, (_unused, at) => boundOf(at));
}

/** What was counted between one running total and the next; a total that falls began anew. */
function differences(
  read: readonly { readonly at: number; readonly counted: Counted }[],
): readonly { readonly at: number; readonly counted: Counted }[] {
  return read.slice(1).map(({ at, counted }, index) => {
    const before = read[index]?.counted;
    if (before === undefined || counted.count < before.count) return { at, counted };
    return {
      at,
      counted: {
        count: counted.count - before.count,
        sum: counted.sum - before.sum,
        buckets: counted.buckets.map((one, place) => one - (before.buckets[place] ?? 0)),
        bounds: counted.bounds,
      },
    };
  });
}

function quantileOf({ count, sum, buckets, bounds }: Counted, share: number): number {
  const wanted = count * share;
  let below = 0;
  for (const [place, inBucket] of buckets.entries()) {
    if (below + inBucket >= wanted && inBucket > 0) {
      const low = place === 0 ? Math.min(0, bounds[0] ?? 0) : (bounds[place - 1] ?? 0);
      const high = bounds[place] ?? low;
      return low + (high - low) * ((wanted - below) / inBucket);
    }
    below += inBucket;
  }
  return sum / count; // no buckets: the mean is all there is
}
