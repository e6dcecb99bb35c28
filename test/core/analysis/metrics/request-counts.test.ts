import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { requestCounts } from '../../../../core/analysis/metrics/request-counts.ts';
import { busiestService, metricsOnset } from '../../../../core/analysis/metrics/metrics-onset.ts';
import { histogramKey, seriesShift } from '../../../../core/analysis/metrics/series-shift.ts';
import {
  shiftOfSeries,
  shiftsOfCounts,
} from '../../../../core/analysis/metrics/service-metrics.ts';
import { series } from './series.ts';

const split = {
  baseline: [{ startAt: 0, endAt: 90_000 }],
  after: [{ startAt: 90_000, endAt: 150_000 }],
};
/** Thirty samples: eighteen before, twelve after. */
const step = (before: number, after: number): number[] =>
  Array.from({ length: 30 }, (_unused, index) => (index < 18 ? before : after) + (index % 2));

const histogram = { metric: 'http.server.request.duration', kind: 'histogram' as const };
const counted = (status: string, values: readonly number[]) =>
  series(
    {
      ...histogram,
      statistic: 'count',
      unit: '{request}',
      attributes: { 'http.response.status_code': status },
    },
    values,
  );

describe('requestCounts', () => {
  test('adds up outcomes at each instant, where a silent series counts nothing', () => {
    const late = { ...counted('500', [4, 4]), atMs: [100_000, 105_000] };
    const [counts] = requestCounts([counted('200', step(40, 36)), late]);
    expect(counts).toMatchObject({ service: 'checkout', peer: null, isSplit: true });
    const place = counts?.atMs.indexOf(100_000) ?? -1;
    expect([counts?.totals[place], counts?.failed[place]]).toEqual([40, 4]);
    expect(counts?.failed[0]).toBe(0);
  });

  test('counts the failed by a share of success where outcomes are not told apart', () => {
    const requests = series({ metric: 'requests', statistic: 'sum' }, [100, 200, 2]);
    const share = series({ metric: 'availability', statistic: 'avg' }, [100, 95, 50]);
    const [counts] = requestCounts([requests, share]);
    expect(counts).toMatchObject({ isSplit: true, totals: [100, 200, 2] });
    expect(counts?.failed.map((value) => Math.round(value))).toEqual([0, 10, 1]);
    expect(counts?.series).toEqual([requests, share]);
  });

  test('takes the increases of a running total', () => {
    const total = series(
      { metric: 'shop.requests', kind: 'counter', attributes: { outcome: 'good' } },
      [0, 10, 20, 5, 15],
    );
    expect(requestCounts([total])[0]?.totals).toEqual([10, 10, 5, 10]);
  });

  test('is sound for any values', () => {
    fc.assert(
      fc.property(fc.array(fc.double(), { maxLength: 30 }), fc.array(fc.double()), (one, two) => {
        for (const counts of requestCounts([counted('200', one), counted('500', two)])) {
          for (const [index, total] of counts.totals.entries()) {
            expect(total).toBeGreaterThanOrEqual(counts.failed[index] ?? 0);
          }
          shiftsOfCounts(counts, split, new Set());
        }
        metricsOnset([counted('200', one), counted('500', two)], 'checkout');
      }),
    );
  });
});

describe('metricsOnset', () => {
  const failing = counted(
    '500',
    Array.from({ length: 30 }, (_unused, index) => (index < 18 ? 0 : 15)),
  );

  test('dates failures by counts split by outcome, to the interval', () => {
    const [found] = metricsOnset([counted('200', step(40, 25)), failing], 'checkout');
    expect(found).toMatchObject({ aspect: 'error-ratio', unit: '1' });
    expect(found?.onset).toEqual({ earliestAt: 80_000, latestAt: 90_000 });
  });

  test('dates slowness and traffic, and is silent on a steady service', () => {
    const slow = series({ ...histogram, statistic: 'p90', unit: 's' }, [
      ...Array.from({ length: 18 }, () => 0.08),
      ...Array.from({ length: 12 }, () => 0.9),
    ]);
    expect(metricsOnset([slow], 'checkout').map(({ aspect }) => aspect)).toEqual(['duration']);
    const surge = metricsOnset([counted('200', step(40, 150))], 'checkout');
    expect(surge.map(({ aspect }) => aspect)).toEqual(['traffic']);
    expect(metricsOnset([counted('200', step(40, 40))], 'checkout')).toEqual([]);
  });

  test('finds the service asked most', () => {
    const counts = requestCounts([
      { ...counted('200', step(10, 10)), service: 'payments' },
      counted('200', step(40, 40)),
    ]);
    expect(busiestService(counts)).toBe('checkout');
    expect(busiestService([])).toBeNull();
  });
});

describe('seriesShift', () => {
  test('compares levels, rates of running totals, and restarts from the first sample', () => {
    const cpu = series({ metric: 'process.cpu.utilization', unit: '1' }, [
      ...Array.from({ length: 18 }, () => 0.04),
      ...Array.from({ length: 12 }, () => 0.95),
    ]);
    const found = seriesShift(cpu, split);
    expect(found?.shift.score).toBeGreaterThan(5);
    expect(found?.onset).toEqual({ earliestAt: 85_000, latestAt: 95_000 });
    const seconds = series({ metric: 'process.cpu.time', unit: 's', kind: 'counter' }, [
      ...Array.from({ length: 18 }, (_unused, index) => index * 0.2),
      ...Array.from({ length: 12 }, (_unused, index) => 3.6 + index * 4.5),
    ]);
    expect(seriesShift(seconds, split)).toMatchObject({ unit: '1', shift: { after: 0.9 } });
    const restarts = series({ metric: 'k8s.container.restarts' }, [
      ...Array.from({ length: 18 }, () => 7),
      ...Array.from({ length: 12 }, () => 9),
    ]);
    expect(seriesShift(restarts, split)?.shift).toMatchObject({ before: 0, after: 2 });
    expect(seriesShift(restarts, split)?.shift.score).toBeGreaterThan(3);
  });

  test('takes an uptime that falls back for a restart, and a steady one for none', () => {
    const steady = Array.from({ length: 30 }, (_unused, index) => 1_000 + index * 5);
    const metric = { metric: 'process.uptime', unit: 's' };
    expect(seriesShift(series(metric, steady), split)?.shift.score).toBe(0);
    const restarted = steady.map((uptime, index) => (index < 20 ? uptime : (index - 20) * 5));
    expect(seriesShift(series(metric, restarted), split)).toMatchObject({
      unit: '{restart}',
      shift: { before: 0, after: 1 },
    });
    expect(seriesShift(series(metric, restarted), split)?.shift.score).toBeGreaterThan(3);
  });

  test('does not compare the quantiles of a handful of requests', () => {
    const p95 = series({ ...histogram, statistic: 'p95', unit: 's' }, step(0.08, 3));
    const few = { ...p95, statistic: 'count', values: p95.values.map(() => 0.2) };
    expect(histogramKey(p95)).toBe(histogramKey(few));
    expect(seriesShift(p95, split)).not.toBeNull();
    expect(seriesShift(p95, split, few)).toBeNull();
    const many = { ...few, values: p95.values.map(() => 5) };
    expect(seriesShift(p95, split, many)?.shift.support).toBe(60);
  });

  test('keeps quiet on series with too few samples and sound on any', () => {
    expect(seriesShift(series({ metric: 'x' }, [1, 2, 3]), split)).toBeNull();
    fc.assert(
      fc.property(fc.array(fc.double(), { maxLength: 40 }), (values) => {
        const found = seriesShift(series({ metric: 'x' }, values), split);
        if (found !== null) expect(Number.isFinite(found.shift.score)).toBe(true);
      }),
    );
  });
});

describe('shiftOfSeries', () => {
  const services = new Set(['checkout', 'payments']);
  const meant = (parts: Parameters<typeof series>[0]) => {
    const found = seriesShift(series(parts, step(1, 9)), split);
    return found === null ? null : shiftOfSeries(found, 'checkout', services);
  };

  test('gives what a caller measures to the edge towards whom it calls', () => {
    const client = { metric: 'http.client.request.duration', statistic: 'avg', unit: 's' };
    expect(meant({ ...client, peer: 'payments' })).toMatchObject({
      aspect: 'edge-duration',
      peer: { kind: 'service', name: 'payments' },
    });
    expect(
      meant({
        metric: 'db.client.operation.duration',
        unit: 's',
        attributes: { 'db.system.name': 'postgresql', 'db.namespace': 'ledger' },
      }),
    ).toMatchObject({ aspect: 'edge-duration', peer: { kind: 'database', name: 'ledger' } });
    expect(meant(client)).toMatchObject({ aspect: 'other-metric', peer: null });
  });

  test('names a series by metric, statistic and the values of its attributes', () => {
    const found = meant({
      ...histogram,
      statistic: 'p90',
      unit: 's',
      attributes: { 'http.route': '/orders', 'http.request.method': 'POST' },
    });
    expect(found).toMatchObject({
      name: 'http.server.request.duration p90 {POST, /orders}',
      shortName: 'http.server.request.duration p90',
    });
  });
});
