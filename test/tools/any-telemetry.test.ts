import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Series, Span } from '../../core/ports/telemetry.ts';
import type { Tool, ToolResult } from '../../core/ports/tool.ts';
import { findOnset } from '../../tools/onset/find-onset.ts';
import { inspectMetrics } from '../../tools/metrics/inspect-metrics.ts';
import { scanMetrics } from '../../tools/metrics/scan-metrics.ts';
import { compareTraces } from '../../tools/traces/compare-traces.ts';
import { inspectSpans } from '../../tools/traces/inspect-spans.ts';
import { createRandom } from '../core/analysis/random.ts';
import { contextOf } from './memory-telemetry.ts';
import type { Held } from './memory-telemetry.ts';
import { uncarried } from './uncarried.ts';

const window = { startAt: 0, endAt: 300_000 };
const suspected = { earliestAt: 180_000, latestAt: 190_000 };
const everyMs = 5_000;

const run = async <Input>(tool: Tool<Input>, input: Input, held: Held): Promise<ToolResult> =>
  tool.run(input, contextOf(held, suspected));

/** Says everything that is no number in an answer, where a number should be. */
function badNumbers(value: unknown, path = 'answer'): readonly string[] {
  if (typeof value === 'number') return Number.isFinite(value) ? [] : [`${path} is ${value}`];
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, inner]) => badNumbers(inner, `${path}.${key}`));
}

function shuffled<Item>(items: readonly Item[], seed: number): readonly Item[] {
  const random = createRandom(seed);
  return items
    .map((item) => ({ item, key: random() }))
    .sort((one, other) => one.key - other.key)
    .map(({ item }) => item);
}

/** What is wrong with samples in real life, each done to a series of sixty. */
type Bend = (series: Series, random: () => number) => Series;
const keep = (series: Series, isKept: (index: number) => boolean): Series => ({
  ...series,
  atMs: series.atMs.filter((_at, index) => isKept(index)),
  values: series.values.filter((_value, index) => isKept(index)),
});
const bends: Readonly<Record<string, Bend>> = {
  plain: (series) => series,
  constant: (series) => ({ ...series, values: series.values.map(() => 7) }),
  sparse: (series, random) => keep(series, () => random() < 0.1),
  gapped: (series) => keep(series, (index) => index < 20 || index > 45),
  late: (series) => keep(series, (index) => index >= 37),
  early: (series) => keep(series, (index) => index < 30),
  empty: (series) => keep(series, () => false),
  reset: (series) => ({
    ...series,
    values: series.values.map((value, index) => value % (index < 40 ? 1e9 : 50)),
  }),
  backwards: (series) => ({ ...series, values: series.values.map((value) => 1e6 - value) }),
  huge: (series) => ({
    ...series,
    values: series.values.map((value, index) => (index % 2 === 0 ? -1 : 1) * value * 1e306),
  }),
  broken: (series, random) => ({
    ...series,
    values: series.values.map((value) =>
      random() < 0.3
        ? ([Number.NaN, Number.POSITIVE_INFINITY, -0][Math.floor(random() * 3)] ?? 0)
        : value,
    ),
  }),
  duplicated: (series) => ({
    ...series,
    atMs: series.atMs.flatMap((at) => [at, at]),
    values: series.values.flatMap((value) => [value, value]),
  }),
  disordered: (series) => {
    const places = shuffled([...series.atMs.keys()], 5);
    return {
      ...series,
      atMs: places.map((place) => series.atMs[place] ?? 0),
      values: places.map((place) => series.values[place] ?? 0),
    };
  },
};

const head = fc.record({
  metric: fc.constantFrom(
    'cpu.utilization',
    'requests_total',
    'error_ratio',
    'uptime',
    'memory.usage',
    'availability',
  ),
  service: fc.constantFrom('front', 'back', null),
  instance: fc.constantFrom('a', 'b', null),
  peer: fc.constantFrom('back', null, null),
  statistic: fc.constantFrom('p90', 'count', null),
  unit: fc.constantFrom('1', '%', 's', null),
  kind: fc.constantFrom('gauge' as const, 'counter' as const, 'histogram' as const),
  attributes: fc.constantFrom({}, { outcome: 'bad' }, { outcome: 'good' }),
});

const anySeries = fc
  .tuple(head, fc.constantFrom(...Object.keys(bends)), fc.integer({ min: 1, max: 1e6 }))
  .map(([parts, bend, seed]) => {
    const random = createRandom(seed);
    const step = 1 + Math.floor(random() * 100);
    const values = Array.from(
      { length: 60 },
      (_unused, index) => index + (index >= 37 ? step : 0) + random(),
    );
    const atMs = values.map((_value, index) => index * everyMs);
    return bends[bend]?.({ ...parts, atMs, values }, random) ?? { ...parts, atMs, values };
  });

const seriesIdentity = ({
  metric,
  service,
  instance,
  peer,
  statistic,
  unit,
  kind,
  attributes,
}: Series): string =>
  JSON.stringify([metric, service, instance, peer, statistic, unit, kind, attributes]);

describe('tools for metrics, whatever the series are like', () => {
  test('never fail, never say what is no number, and say the same in whatever order series come', async () => {
    const some = fc.uniqueArray(anySeries, { selector: seriesIdentity, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(some, fc.nat(), async (metrics, seed) => {
        for (const look of [
          (held: Held) => run(scanMetrics, {}, held),
          (held: Held) => run(inspectMetrics, { service: 'front' }, held),
          (held: Held) => run(findOnset, {}, held),
        ]) {
          const answer = await look({ window, metrics });
          expect(answer.ok).toBe(true);
          expect(badNumbers(answer)).toEqual([]);
          expect(uncarried(answer)).toEqual([]);
          expect(await look({ window, metrics: shuffled(metrics, seed) })).toEqual(answer);
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe('what is equally strong', () => {
  test('comes in the order of what is told of it, not in that in which series come', async () => {
    const values = Array.from({ length: 60 }, (_unused, index) => (index < 37 ? 1 : 9));
    const metrics = ['one', 'two', 'three'].map((service) => ({
      ...{ service, metric: 'queue_length', instance: null, peer: null, statistic: null },
      ...{ unit: null, kind: 'gauge' as const, attributes: {}, values },
      atMs: values.map((_value, index) => index * everyMs),
    }));
    const answer = await run(scanMetrics, {}, { window, metrics });
    const turned = await run(scanMetrics, {}, { window, metrics: metrics.toReversed() });
    expect(turned).toEqual(answer);
    expect(answer.ok && answer.digest.observations?.map(({ entity }) => entity.name)).toEqual([
      'one',
      'three',
      'two',
    ]);
  });
});

/** Spans of several traces with missing parents, circles, negative durations, repeated spans and clocks that are off. */
const anyTraces = fc.array(
  fc.record({
    traceId: fc.constantFrom('t1', 't2', 't3'),
    spanId: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
    parentSpanId: fc.constantFrom('a', 'b', 'c', 'lost', null),
    service: fc.constantFrom('front', 'back', 'third'),
    instance: fc.constant(null),
    name: fc.constantFrom('GET /', 'POST /x'),
    kind: fc.constantFrom('server', 'client', 'internal', 'unset'),
    startAt: fc.integer({ min: 0, max: 299_999 }),
    durationMs: fc.oneof(fc.integer({ min: -50, max: 5_000 }), fc.constantFrom(0, 1e9, Number.NaN)),
    status: fc.constantFrom('ok', 'error', 'unset'),
    attributes: fc.constantFrom<Readonly<Record<string, string>>>(
      {},
      { 'db.system': 'redis' },
      { 'peer.service': 'back' },
      { 'error.type': 'timeout' },
    ),
  }) satisfies fc.Arbitrary<Span>,
  { maxLength: 60 },
);

/** Repeats each trace often enough that there is something to compare, a second later each time. */
const repeated = (spans: readonly Span[], times: number): readonly Span[] =>
  Array.from({ length: times }, (_unused, turn) =>
    spans.map((span) => ({
      ...span,
      traceId: `${span.traceId}-${turn}`,
      startAt: (span.startAt + turn * 10_000) % window.endAt,
    })),
  ).flat();

describe('tools for traces, whatever the spans are like', () => {
  test('never fail, never say what is no number, and say the same in whatever order spans come', async () => {
    await fc.assert(
      fc.asyncProperty(anyTraces, fc.nat(), async (some, seed) => {
        const spans = repeated(some, 12);
        for (const look of [
          (held: Held) => run(compareTraces, {}, held),
          (held: Held) => run(inspectSpans, { service: 'front' }, held),
          (held: Held) => run(findOnset, {}, held),
        ]) {
          const answer = await look({ window, spans });
          expect(answer.ok).toBe(true);
          expect(badNumbers(answer)).toEqual([]);
          expect(uncarried(answer)).toEqual([]);
          expect(await look({ window, spans: shuffled(spans, seed) })).toEqual(answer);
        }
      }),
      { numRuns: 60 },
    );
  });
});

test('what compare-traces observes stands in its table, however many services are compared', async () => {
  const of = (name: string, turn: number, changes: Partial<Span>): Span => ({
    ...{ traceId: `${name}-${turn}`, spanId: 'a', parentSpanId: null, service: name },
    ...{ instance: null, name: 'GET /', kind: 'server', startAt: turn * 5_000, durationMs: 10 },
    ...{ status: 'ok', attributes: {} },
    ...changes,
  });
  const steady = (name: string, turn: number): Span =>
    of(name, turn, { durationMs: 10 + (turn % 2) });
  const distant = (turn: number): readonly Span[] => {
    const durationMs = turn * 5_000 < suspected.latestAt ? 5 : 2_005;
    return [
      of('front', turn, { durationMs: durationMs + 10 }),
      of('front', turn, { spanId: 'b', parentSpanId: 'a', kind: 'client', durationMs }),
      of('front', turn, { spanId: 'c', parentSpanId: 'b', service: 'back', durationMs: 3 }),
    ];
  };
  const turns = Array.from({ length: 60 }, (_unused, turn) => turn);
  const names = Array.from({ length: 90 }, (_unused, index) => `calm-${index}`);
  const spans = turns.flatMap((turn) => [
    ...names.map((name) => steady(name, turn)),
    ...distant(turn),
  ]);
  const answer = await run(compareTraces, {}, { window, spans });
  if (!answer.ok) throw new Error(answer.message);
  const gap = answer.digest.observations?.find(({ aspect }) => aspect === 'edge-gap');
  expect(gap?.after).toBe(2_002);
  const rows = JSON.stringify(answer.evidence[0]?.data);
  expect(rows).toContain('["front","edge-gap","GET /, to back",2,2002,"ms"');
  expect(JSON.parse(rows)).toHaveProperty('rows.length', 200);
});
