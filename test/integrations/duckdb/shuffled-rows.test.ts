import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Series } from '../../../core/ports/telemetry.ts';
import { mergeSeries } from '../../../integrations/duckdb/merge-series.ts';
import { never, withFile } from './case-folder.ts';

const instants = Array.from({ length: 6 }, (_unused, index) => `2026-11-20T09:0${index}:00Z`);

/** Two pods that nothing tells apart: each instant has two values of one series. */
const metricRows = instants.flatMap((time, index) => [
  `${time},requests_total,shop,counter,${100 + index}`,
  `${time},requests_total,shop,counter,${900 - index}`,
]);
const readMetrics = (rows: readonly string[]) =>
  withFile(
    'metrics',
    {
      name: 'metrics.csv',
      format: 'csv',
      content: ['time,metric,service,kind,value', ...rows].join('\n'),
    },
    async (telemetry) => {
      const { window } = telemetry;
      return (await telemetry.metrics({ window, limit: 10 }, never)).rows;
    },
  );

/** Spans that begin at once, and one of them told twice with different durations. */
const spanRows = [
  't1,s1,2026-11-20T09:01:00Z,5,shop,GET /',
  't1,s1,2026-11-20T09:01:00Z,7,shop,GET /',
  't2,s2,2026-11-20T09:01:00Z,5,shop,GET /',
  't3,s3,2026-11-20T09:01:00Z,5,stock,GET /',
];
const readSpans = (rows: readonly string[]) =>
  withFile(
    'traces',
    {
      name: 'traces.csv',
      format: 'csv',
      content: ['trace_id,span_id,start,duration_ms,service,name', ...rows].join('\n'),
    },
    async (telemetry) => {
      const { window } = telemetry;
      return (await telemetry.spans({ window, limit: 10 }, never)).rows;
    },
  );

test('of different samples of a series at one instant the largest stays, in whatever order they come', async () => {
  const expected = await readMetrics(metricRows);
  expect(expected.map(({ values }) => values)).toEqual([[900, 899, 898, 897, 896, 895]]);
  await fc.assert(
    fc.asyncProperty(
      fc.shuffledSubarray(metricRows, { minLength: metricRows.length }),
      async (rows) => expect(await readMetrics(rows)).toEqual(expected),
    ),
    { numRuns: 8 },
  );
});

test('spans come in one order, and of one told twice the longest stays', async () => {
  const expected = await readSpans(spanRows);
  expect(expected.map(({ spanId, durationMs }) => [spanId, durationMs])).toEqual([
    ['s1', 7],
    ['s2', 5],
    ['s3', 5],
  ]);
  await fc.assert(
    fc.asyncProperty(fc.shuffledSubarray(spanRows, { minLength: spanRows.length }), async (rows) =>
      expect(await readSpans(rows)).toEqual(expected),
    ),
    { numRuns: 8 },
  );
});

test('series that are joined keep the largest of each instant, whichever comes first', () => {
  const one: Series = {
    metric: 'requests',
    service: 'shop',
    instance: null,
    peer: null,
    statistic: null,
    unit: null,
    kind: 'gauge',
    attributes: {},
    atMs: [1, 2],
    values: [5, 6],
  };
  const other = { ...one, atMs: [2, 3], values: [9, 1] };
  const expected = [{ ...one, atMs: [1, 2, 3], values: [5, 9, 1] }];
  expect(mergeSeries([one, other])).toEqual(expected);
  expect(mergeSeries([other, one])).toEqual(expected);
});
