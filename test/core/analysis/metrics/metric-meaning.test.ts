import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { failedOutcome } from '../../../../core/analysis/metrics/failed-outcome.ts';
import { meaningOf, wordsOf } from '../../../../core/analysis/metrics/metric-meaning.ts';
import type { Series } from '../../../../core/ports/telemetry.ts';

const head = (
  metric: string,
  unit: string | null = null,
  kind: Series['kind'] = 'gauge',
  statistic: string | null = null,
) => ({ metric, unit, kind, statistic });

describe('wordsOf', () => {
  test('splits at punctuation and capitals, and joins neighbours', () => {
    expect([...wordsOf('http.server.requestDuration')]).toEqual([
      'http',
      'server',
      'request',
      'duration',
      'http_server',
      'server_request',
      'request_duration',
    ]);
    expect([...wordsOf('CPUUtilization')]).toEqual(['cpu', 'utilization', 'cpu_utilization']);
  });
});

describe('meaningOf', () => {
  test.each([
    [head('process.cpu.utilization', '1'), 'cpu'],
    [head('container_cpu_usage_seconds_total', 's', 'counter'), 'cpu'],
    [head('process.memory.usage', 'By'), 'memory'],
    [head('jvm.memory.used', 'By'), 'memory'],
    [head('nodejs.eventloop.delay.p99', 's'), 'event-loop'],
    [head('system.filesystem.utilization', '1'), 'disk'],
    [head('db.client.connection.count', '{connection}'), 'connections'],
    [head('db.client.connection.pending_requests', '{request}'), 'connections'],
    [head('k8s.container.restarts', '{restart}'), 'restarts'],
    [head('kube_pod_container_status_restarts_total', null, 'counter'), 'restarts'],
    [head('http.server.request.duration', 's', 'histogram', 'p95'), 'duration'],
    [head('http.server.request.duration', '{request}', 'histogram', 'count'), 'traffic'],
    [head('http_requests_total', null, 'counter'), 'traffic'],
    [head('v8js.gc.duration', 's', 'histogram', 'p95'), 'memory'],
    [head('v8js.gc.duration', '{collection}', 'histogram', 'count'), 'other-metric'],
    [head('db.client.connection.wait_time', '{request}', 'histogram', 'count'), 'other-metric'],
    [head('db.client.operation.duration', '{operation}', 'histogram', 'count'), 'traffic'],
    [head('process.uptime', 's'), 'restarts'],
    [head('http.server.active_requests', '{request}'), 'other-metric'],
    [head('availability', '%'), 'error-ratio'],
    [head('latency', 'ms', 'gauge', 'p90'), 'duration'],
    [head('queue.depth', '1'), 'other-metric'],
  ])('takes %j for %s', (series, aspect) => {
    expect(meaningOf(series).aspect).toBe(aspect);
  });

  test('knows floors by unit, and what callers measure', () => {
    expect(meaningOf(head('process.cpu.utilization', '%')).floor).toBe(5);
    expect(meaningOf(head('process.cpu.utilization', '1')).floor).toBe(0.05);
    expect(meaningOf(head('http.client.request.duration', 's', 'histogram', 'avg'))).toMatchObject({
      aspect: 'duration',
      isOutgoing: true,
    });
  });

  test('finds a meaning for any name', () => {
    fc.assert(
      fc.property(fc.string(), (metric) => {
        expect(meaningOf(head(metric)).aspect).toEqual(expect.any(String));
      }),
    );
  });
});

describe('failedOutcome', () => {
  test.each([
    [{ 'http.response.status_code': '503' }, true],
    [{ 'http.response.status_code': '404', 'error.type': '404' }, false],
    [{ 'error.type': 'timeout' }, true],
    [{ 'rpc.grpc.status_code': '14' }, true],
    [{ 'rpc.grpc.status_code': '5' }, false],
    [{ outcome: 'bad' }, true],
    [{ outcome: 'good' }, false],
    [{ status: 'Failed' }, true],
    [{ 'http.route': '/x' }, null],
  ])('reads %j as %s', (attributes, hasFailed) => {
    expect(failedOutcome(attributes)).toBe(hasFailed);
  });
});
