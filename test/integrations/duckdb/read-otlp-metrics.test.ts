import { describe, expect, test } from '@jest/globals';
import type { Series } from '../../../core/ports/telemetry.ts';
import { jsonLines, readMetrics, withFile } from './case-folder.ts';
import { atMs, metricsOf, nanos, otlp, text } from './otlp-requests.ts';

async function seriesOf(...requests: readonly object[]): Promise<readonly Series[]> {
  return (await withFile('metrics', otlp(jsonLines(...requests)), readMetrics)).rows;
}

/** The samples of one statistic as [seconds after the start, value]. */
function samples(
  series: readonly Series[],
  statistic: string | null,
): readonly (readonly [number, number])[] {
  const found = series.find((one) => one.statistic === statistic);
  return (
    found?.atMs.map(
      (at, index) => [(at - atMs(0)) / 1_000, found.values[index] ?? Number.NaN] as const,
    ) ?? []
  );
}

describe('OTLP metrics', () => {
  const points = (...values: readonly (readonly [number, object])[]): object[] =>
    values.map(([seconds, point]) => ({ timeUnixNano: nanos(seconds), ...point }));

  test('give gauges, with attributes and those of the resource', async () => {
    const dataPoints = [
      { timeUnixNano: nanos(1), asDouble: 0.25, attributes: [text('state', 'used')] },
      { timeUnixNano: nanos(2), asInt: '3', attributes: [text('state', 'used')] },
    ];
    expect(
      await seriesOf(metricsOf({ name: 'pool', unit: '{connection}', gauge: { dataPoints } })),
    ).toEqual([
      {
        metric: 'pool',
        service: 'shop',
        instance: 'shop-0',
        peer: null,
        statistic: null,
        unit: '{connection}',
        kind: 'gauge',
        attributes: { 'service.version': '1.4.0', state: 'used' },
        atMs: [atMs(1), atMs(2)],
        values: [0.25, 3],
      },
    ]);
  });

  test('name the other end of a call', async () => {
    const point = (key: string): object[] =>
      points([1, { asDouble: 1, attributes: [text(key, 'ledger')] }]);
    const series = await seriesOf(
      metricsOf(
        { name: 'http.client.duration', gauge: { dataPoints: point('server.address') } },
        { name: 'http.server.duration', gauge: { dataPoints: point('server.address') } },
        { name: 'calls', gauge: { dataPoints: point('peer.service') } },
      ),
    );
    expect(Object.fromEntries(series.map(({ metric, peer }) => [metric, peer]))).toEqual({
      'http.client.duration': 'ledger',
      'http.server.duration': null,
      calls: 'ledger',
    });
  });

  test.each([
    [
      'cumulative and monotonic: a counter as it is',
      { aggregationTemporality: 2, isMonotonic: true },
      'counter',
      [5, 7, 4],
    ],
    [
      'told as differences and monotonic: a counter, added up',
      { aggregationTemporality: 'AGGREGATION_TEMPORALITY_DELTA', isMonotonic: true },
      'counter',
      [5, 12, 16],
    ],
    [
      'not monotonic: a gauge',
      { aggregationTemporality: 2, isMonotonic: false },
      'gauge',
      [5, 7, 4],
    ],
  ])('give a sum that is %s', async (_what, form, kind, values) => {
    const dataPoints = points([1, { asInt: '5' }], [2, { asInt: 7 }], [3, { asDouble: 4 }]);
    const series = await seriesOf(metricsOf({ name: 'requests', sum: { ...form, dataPoints } }));
    expect(series.map((one) => [one.kind, one.values])).toEqual([[kind, values]]);
  });

  const buckets = { bucketCounts: ['0', '8', '2'], explicitBounds: [0.1, 0.5] };

  test('give a histogram told as differences per interval: count, sum, average, quantiles and maximum', async () => {
    const dataPoints = points(
      [5, { count: '10', sum: 4, min: 0.2, max: 0.9, ...buckets }],
      [10, { count: '0', sum: 0, bucketCounts: ['0', '0', '0'], explicitBounds: [0.1, 0.5] }],
    );
    const series = await seriesOf(
      metricsOf({
        name: 'latency',
        unit: 's',
        histogram: { aggregationTemporality: 1, dataPoints },
      }),
    );
    expect(series.every(({ kind }) => kind === 'histogram')).toBe(true);
    expect(samples(series, 'count')).toEqual([
      [5, 10],
      [10, 0],
    ]);
    expect(samples(series, 'sum')).toEqual([
      [5, 4],
      [10, 0],
    ]);
    expect(samples(series, 'avg')).toEqual([[5, 0.4]]);
    // By hand: the 5th of 10 lies 5/8 into the bucket (0.1, 0.5]; the 9th and later lie in the last one, which ends at the maximum.
    expect(samples(series, 'p50')).toEqual([[5, expect.closeTo(0.35, 10)]]);
    expect(samples(series, 'p90')).toEqual([[5, 0.9]]);
    expect(samples(series, 'max')).toEqual([[5, 0.9]]);
    expect(series.map(({ statistic, unit }) => `${statistic} ${unit}`).toSorted()).toEqual([
      'avg s',
      'count 1',
      'max s',
      'p50 s',
      'p90 s',
      'p95 s',
      'sum s',
    ]);
  });

  test('give a cumulative histogram as what was added since the point before, and as it is after a restart', async () => {
    const since = { startTimeUnixNano: nanos(0) };
    const dataPoints = points(
      [
        5,
        {
          ...since,
          count: '100',
          sum: 50,
          bucketCounts: ['100', '0', '0'],
          explicitBounds: [0.1, 0.5],
        },
      ],
      [
        10,
        {
          ...since,
          count: '110',
          sum: 54,
          bucketCounts: ['100', '8', '2'],
          explicitBounds: [0.1, 0.5],
        },
      ],
      [
        15,
        {
          startTimeUnixNano: nanos(12),
          count: '4',
          sum: 1,
          bucketCounts: ['0', '4', '0'],
          explicitBounds: [0.1, 0.5],
        },
      ],
    );
    const series = await seriesOf(
      metricsOf({ name: 'latency', histogram: { aggregationTemporality: 2, dataPoints } }),
    );
    expect(samples(series, 'count')).toEqual([
      [10, 10],
      [15, 4],
    ]);
    expect(samples(series, 'sum')).toEqual([
      [10, 4],
      [15, 1],
    ]);
    expect(samples(series, 'p50')).toEqual([
      [10, expect.closeTo(0.35, 10)],
      [15, expect.closeTo(0.3, 10)],
    ]);
    expect(samples(series, 'max')).toEqual([]);
  });

  test('count on from points before the window', async () => {
    const dataPoints = points([-5, { count: '100', sum: 50 }], [5, { count: '103', sum: 51.5 }]);
    const series = await seriesOf(
      metricsOf({ name: 'latency', histogram: { aggregationTemporality: 2, dataPoints } }),
    );
    expect(samples(series, 'count')).toEqual([[5, 3]]);
    expect(samples(series, 'avg')).toEqual([[5, 0.5]]);
    expect(samples(series, 'p50')).toEqual([]);
  });

  test('give a summary and an exponential histogram by count, sum and average', async () => {
    const dataPoints = points([1, { count: '2', sum: 2 }], [2, { count: '6', sum: 4 }]);
    for (const form of ['summary', 'exponentialHistogram']) {
      const series = await seriesOf(
        metricsOf({ name: 'x', [form]: { dataPoints, aggregationTemporality: 2 } }),
      );
      expect(samples(series, 'count')).toEqual([[2, 4]]);
      expect(samples(series, 'avg')).toEqual([[2, 0.5]]);
    }
  });

  test('join points of one series from several requests, whatever the order of their attributes', async () => {
    const request = (seconds: number, keys: readonly string[]): object =>
      metricsOf({
        name: 'x',
        gauge: {
          dataPoints: points([
            seconds,
            { asDouble: seconds, attributes: keys.map((key) => text(key, 'v')) },
          ]),
        },
      });
    const series = await seriesOf(
      request(3, ['a', 'b']),
      request(1, ['b', 'a']),
      request(2, ['a', 'b']),
    );
    expect(series.map(({ values }) => values)).toEqual([[1, 2, 3]]);
  });

  test.each([
    ['no name', { gauge: { dataPoints: points([1, { asInt: 1 }]) } }, 'name: is required'],
    [
      'no value',
      { name: 'x', gauge: { dataPoints: points([1, {}]) } },
      'asDouble: is required (or asInt)',
    ],
    [
      'a value in words',
      { name: 'x', gauge: { dataPoints: points([1, { asDouble: 'much' }]) } },
      'asDouble: "much" is not a number',
    ],
    ['no time', { name: 'x', gauge: { dataPoints: [{ asInt: 1 }] } }, 'timeUnixNano: is required'],
    [
      'a histogram without a count',
      { name: 'x', histogram: { dataPoints: points([1, {}]) } },
      'count: must be a number',
    ],
  ])('with %s are refused by file, line and field', async (_what, metric, says) => {
    await expect(seriesOf(metricsOf(metric))).rejects.toMatchObject({
      message: `data.jsonl:1: ${says}`,
    });
  });

  test('leave out points flagged as having no value, and NaN', async () => {
    const dataPoints = points([1, { flags: 1 }], [2, { asDouble: 'NaN' }], [3, { asDouble: 1 }]);
    expect(samples(await seriesOf(metricsOf({ name: 'x', gauge: { dataPoints } })), null)).toEqual([
      [3, 1],
    ]);
  });
});
