import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Series } from '../../../../core/ports/telemetry.ts';
import { countEvents } from '../../../../core/reliability/slo/count-events.ts';
import type { Sli } from '../../../../core/schemas/slo.ts';

const minuteMs = 60_000;

const series = (overrides: Partial<Series> & { readonly values: readonly number[] }): Series => ({
  metric: 'requests',
  service: 'gateway',
  instance: 'gateway-1',
  peer: null,
  statistic: null,
  unit: null,
  kind: 'counter',
  attributes: {},
  atMs: overrides.values.map((_value, index) => index * minuteMs),
  ...overrides,
});

const selector = (outcome?: string) => ({
  metric: 'requests',
  service: 'gateway',
  attributes: outcome === undefined ? {} : { outcome },
});

const ratio: Sli = { kind: 'ratio', counts: 'bad', counted: selector('bad'), total: selector() };

const sum = (sli: Sli, all: readonly Series[]) =>
  countEvents(sli, all).reduce(
    (totals, { counted, total }) => ({
      counted: totals.counted + counted,
      total: totals.total + total,
    }),
    { counted: 0, total: 0 },
  );

describe('countEvents', () => {
  test('takes the increase of running totals, and begins again where a total falls', () => {
    const good = series({ values: [100, 160, 20, 30], attributes: { outcome: 'good' } });
    const bad = series({ values: [5, 6, 0, 4], attributes: { outcome: 'bad' } });
    expect(countEvents(ratio, [good, bad])).toEqual([
      { startAt: 0, endAt: minuteMs, counted: 1, total: 61 },
      { startAt: minuteMs, endAt: 2 * minuteMs, counted: 0, total: 20 },
      { startAt: 2 * minuteMs, endAt: 3 * minuteMs, counted: 4, total: 14 },
    ]);
  });

  test('a counter without resets gives last minus first, however it was read', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1_000), { minLength: 2, maxLength: 50 }), (steps) => {
        let reached = 0;
        const values = steps.map((step) => (reached += step));
        const { total } = sum(ratio, [series({ values, attributes: { outcome: 'bad' } })]);
        expect(total).toBe((values.at(-1) ?? 0) - (values[0] ?? 0));
      }),
    );
  });

  test('AS-22 a threshold SLI becomes good and bad events first: one a sample, whatever its unit', () => {
    const slow: Sli = {
      kind: 'threshold',
      measured: { metric: 'latency', statistic: 'p95', attributes: {} },
      comparison: 'lte',
      threshold: 0.5,
    };
    const latency = series({
      metric: 'latency',
      kind: 'histogram',
      statistic: 'p95',
      unit: 's',
      values: [0.1, 0.5, 0.51, 40, 0.2],
    });
    expect(sum(slow, [latency])).toEqual({ counted: 2, total: 4 });
    expect(sum(slow, [{ ...latency, statistic: 'p50' }])).toEqual({ counted: 0, total: 0 });
  });

  test.each([
    ['lt', 0],
    ['lte', 1],
    ['gt', 1],
    ['gte', 2],
  ] as const)('AS-22 "%s" 1 makes %i of the samples 1 and 2 good', (comparison, good) => {
    const sli: Sli = { kind: 'threshold', measured: selector(), comparison, threshold: 1 };
    expect(sum(sli, [series({ kind: 'gauge', values: [0, 1, 2] })]).counted).toBe(good);
  });

  test('leaves a hole where readings are too far apart to be placed in the shortest window', () => {
    const sparse = series({
      values: [0, 10, 20],
      atMs: [0, 5 * minuteMs, 11 * minuteMs],
      attributes: { outcome: 'bad' },
    });
    expect(countEvents(ratio, [sparse])).toEqual([
      { startAt: 0, endAt: 5 * minuteMs, counted: 10, total: 10 },
    ]);
  });

  test('passes over readings that are no numbers', () => {
    const broken = series({
      values: [0, Number.NaN, 20, Number.POSITIVE_INFINITY, 30, 40],
      attributes: { outcome: 'bad' },
    });
    expect(sum(ratio, [broken])).toEqual({ counted: 10, total: 10 });
  });

  test('a selector that finds no series gives no events, so neither perfection nor an outage', () => {
    const good = series({ values: [0, 60], attributes: { outcome: 'good' } });
    expect(countEvents(ratio, [good])).toEqual([]);
  });

  test('passes over other metrics, services and attributes', () => {
    const bad = series({ values: [0, 10], attributes: { outcome: 'bad' } });
    const others = [
      { ...bad, metric: 'retries' },
      { ...bad, service: 'payments' },
      { ...bad, service: null },
    ];
    expect(sum(ratio, [bad, ...others])).toEqual({ counted: 10, total: 10 });
  });
});
