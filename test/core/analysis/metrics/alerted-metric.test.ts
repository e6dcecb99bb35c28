import { describe, expect, test } from '@jest/globals';
import { isAbout } from '../../../../core/analysis/metrics/alerted-metric.ts';
import { metricsOnset } from '../../../../core/analysis/metrics/metrics-onset.ts';
import { withConventions } from '../../../../core/analysis/metrics/series-conventions.ts';
import { series } from './series.ts';

const step = (before: number, after: number): number[] =>
  Array.from(
    { length: 30 },
    (_unused, index) => (index < 18 ? before : after) * (1 + (index % 2) / 50),
  );

describe('what an alert watches', () => {
  test.each([
    ['latency', 'http.server.request.duration', 'duration', true],
    ['Error Rate', 'failed', 'error-ratio', true],
    ['saturation', 'pool.used', 'connections', true],
    ['latency', 'errors', 'error-ratio', false],
    ['db_cpu_utilization', 'db.cpu.utilization', 'cpu', true],
    ['db_cpu_utilization', 'db.cpu.time', 'cpu', false],
    ['RDSDatabaseConnectionsHigh', 'DatabaseConnections', 'connections', true],
    ['the cpu is busy', 'cpu', 'other-metric', false],
    ['', 'x', 'other-metric', false],
    ['constructor', 'latency', 'duration', false],
  ] as const)('“%s” and %s', (symptom, metric, aspect, isIt) => {
    expect(isAbout(symptom, { metric }, aspect)).toBe(isIt);
  });
});

describe('when it began', () => {
  const busy = series({ metric: 'db_cpu_utilization', unit: '%' }, step(23, 94));

  test('is dated by the metric that the alert names', () => {
    const [onset] = metricsOnset([busy], 'checkout', 'db_cpu_utilization');
    expect(onset).toMatchObject({ aspect: 'cpu', unit: '%', shift: { direction: 'up' } });
    expect(onset?.onset.latestAt).toBeGreaterThanOrEqual(90_000);
    expect(onset?.onset.latestAt).toBeLessThanOrEqual(100_000);
  });

  test('is not dated by resources that nobody watches', () => {
    expect(metricsOnset([busy], 'checkout')).toEqual([]);
    expect(metricsOnset([busy], 'checkout', 'latency')).toEqual([]);
  });

  test('is dated by a share of failures without any counts', () => {
    const failing = series({ metric: 'http_5xx_ratio', unit: '1' }, step(0.003, 0.6));
    expect(metricsOnset([failing], 'checkout')).toMatchObject([{ aspect: 'error-ratio' }]);
  });
});

describe('what a name says', () => {
  test.each([
    ['http_server_duration_p99_ms', [200, 300], 'ms'],
    ['http_request_duration_seconds', [0.2], 's'],
    ['container_memory_bytes', [1e8], 'By'],
    ['gc_pause_seconds_total', [1, 2], 's'],
    ['http_5xx_ratio', [0.01], '1'],
    ['rpc_client_error_rate', [0.01, 0.6], '1'],
    ['rpc_client_error_rate', [3, 40], ''],
    ['db_cpu_utilization', [23, 94], '%'],
    ['cpu.utilization', [0.2, 0.9], '1'],
    ['requests_rate', [0.2], ''],
    ['queue_length', [3], ''],
  ] as const)('%s with %j is in “%s”', (metric, values, unit) => {
    expect(withConventions(series({ metric }, values)).unit).toBe(unit);
  });

  test('does not overrule the unit that a series has', () => {
    expect(withConventions(series({ metric: 'wait_ms', unit: 's' }, [1])).unit).toBe('s');
  });

  test('makes a counter of a total that only grows', () => {
    const kindOf = (values: readonly number[]): string =>
      withConventions(series({ metric: 'failures_total' }, values)).kind;
    expect(kindOf([0, 0, 75, 145, 180])).toBe('counter');
    expect(kindOf([150, 180, 3, 20])).toBe('counter');
    expect(kindOf([150, 140, 145])).toBe('gauge');
  });
});
