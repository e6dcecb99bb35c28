import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { Telemetry } from '../../../core/ports/telemetry.ts';
import {
  jsonl,
  jsonLines,
  never,
  readChanges,
  readDir,
  readLogs,
  readMetrics,
  readSpans,
  withFile,
} from './case-folder.ts';

const limit = 100;
const at = (time: string): number => Date.parse(`2026-11-20T${time}Z`);

describe('a recorded case', () => {
  const dir = path.resolve('test/fixtures/cases/checkout-errors');
  const open = <Result>(work: (telemetry: Telemetry) => Promise<Result>): Promise<Result> =>
    readDir(dir, work);

  test('gives its metrics as series, without what is no number', async () => {
    const { rows, source, truncated } = await open(readMetrics);
    expect(rows).toEqual([
      expect.objectContaining({
        metric: 'http.client.request.duration',
        peer: 'payments',
        statistic: 'p95',
        kind: 'histogram',
        values: [0.02, 0.45],
      }),
      {
        metric: 'process.cpu.utilization',
        service: 'payments',
        instance: 'payments-0',
        peer: null,
        statistic: null,
        unit: '1',
        kind: 'gauge',
        attributes: { node: 'node-a', 'process.pid': '7', zone: 'eu-1' },
        atMs: [at('09:00:00'), at('09:01:00'), at('09:03:00')],
        values: [0.21, 0.24, 0.71],
      },
      expect.objectContaining({
        metric: 'shop.requests',
        service: 'checkout',
        kind: 'counter',
        values: [100, 160],
      }),
    ]);
    expect(source).toBe('metrics/cpu.csv, metrics/requests.csv');
    expect(truncated).toBeNull();
  });

  test('gives its logs in order of time, wherever their zone', async () => {
    const { rows } = await open(readLogs);
    expect(rows).toEqual([
      {
        at: at('09:00:10.250'),
        body: 'order 1 accepted',
        service: 'checkout',
        instance: 'checkout-0',
        severity: 'info',
        traceId: '0af7651916cd43dd8448eb211c80319c',
        spanId: 'b7ad6b7169203331',
        row: 0,
      },
      expect.objectContaining({
        at: at('09:02:11.500'),
        severity: 'warn',
        service: 'payments',
        instance: null,
        traceId: null,
      }),
      expect.objectContaining({
        at: at('09:02:12'),
        severity: 'error',
        body: 'charge failed: HTTP 500',
      }),
    ]);
  });

  test('gives its changes, with their files as a list', async () => {
    const { rows } = await open(readChanges);
    expect(rows).toEqual([
      {
        id: 'dep-7',
        kind: 'deploy',
        at: at('09:01:40'),
        service: 'payments',
        revision: '9c1f2e7',
        title: 'Send amounts in the short field',
        author: 'yusuf.kaya',
        url: 'https://git.example/payments/9c1f2e7',
        files: ['payments/money.ts', 'payments/charges.ts'],
        diff: '-12\n+5',
        attributes: {},
      },
      {
        id: 'config-gateway-20261120T090150Z',
        kind: 'config',
        at: at('09:01:50'),
        service: 'gateway',
        title: 'Longer product pages',
        author: null,
        url: null,
        files: ['gateway/pages.ts'],
        diff: null,
        attributes: {},
      },
    ]);
  });

  test('gives rows of a baseline, and nothing else from outside the window', async () => {
    const window = { startAt: at('00:00:00'), endAt: at('23:59:59') };
    const read = await open(({ metrics }) =>
      metrics({ window, metric: 'process.cpu.utilization', limit }, never),
    );
    expect(read.rows[0]?.values).toEqual([0.2, 0.21, 0.24, 0.71]);
  });
});

describe('queries', () => {
  const rows = ['a', 'b', 'c'].flatMap((service, index) => [
    { time: `2026-11-20T09:0${index}:00Z`, body: `${service} works`, service, severity: 'info' },
    {
      time: `2026-11-20T09:0${index}:30Z`,
      body: `${service} fails`,
      service,
      severity: ['warn', 'error', 'fatal'][index],
    },
  ]);
  const ask = <Result>(work: (telemetry: Telemetry) => Promise<Result>): Promise<Result> =>
    withFile('logs', jsonl(jsonLines(...rows)), work);

  test('have half-open windows: the start belongs to it, the end does not', async () => {
    const window = { startAt: at('09:00:30'), endAt: at('09:02:00') };
    const { rows: read } = await ask(({ logs }) => logs({ window, limit }, never));
    expect(read.map(({ body }) => body)).toEqual(['a fails', 'b works', 'b fails']);
  });

  test('pick a service and severities', async () => {
    const bodies = await ask(async ({ logs, window }) => {
      const asked = [
        { service: 'b' },
        { severityAtLeast: 'warn' },
        { severityAtLeast: 'error' },
        { service: 'a', severityAtLeast: 'error' },
      ] as const;
      const reads = await Promise.all(
        asked.map((query) => logs({ window, limit, ...query }, never)),
      );
      return reads.map((read) => read.rows.map(({ body }) => body));
    });
    expect(bodies).toEqual([
      ['b works', 'b fails'],
      ['a fails', 'b fails', 'c fails'],
      ['b fails', 'c fails'],
      [],
    ]);
  });

  test('say what was left out when a limit was reached', async () => {
    const read = await ask(({ logs, window }) => logs({ window, limit: 4 }, never));
    expect(read.rows.map(({ body }) => body)).toEqual(['a works', 'a fails', 'b works', 'b fails']);
    expect(read.truncated).toBe('2 of 6 rows not read, only the first 4');
  });

  test('are told as they ran, with their values', async () => {
    const read = await ask(({ logs, window }) =>
      logs({ window, service: "o'brien", severityAtLeast: 'warn', limit: 5 }, never),
    );
    expect(read.query).toBe(
      'SELECT epoch_us(time) / 1000 AS at_ms, body, service, instance, severity, trace_id, span_id, rowid FROM logs ' +
        "WHERE time >= TIMESTAMP '2026-11-20 09:00:00' AND time < TIMESTAMP '2026-11-20 10:00:00' AND service = 'o''brien' " +
        "AND severity IN ('warn', 'error', 'fatal') ORDER BY time, rowid LIMIT 5",
    );
    expect(read.source).toBe('data.jsonl');
  });

  test('take values as values: SQL in a service name is only a name', async () => {
    const service = "x' OR 1=1; DROP TABLE logs; --";
    const count = await ask(async ({ logs, window }) => {
      const tricked = await logs({ window, service, limit }, never);
      const after = await logs({ window, limit }, never);
      return [tricked.rows.length, after.rows.length];
    });
    expect(count).toEqual([0, 6]);
  });

  test('of a kind that the case does not hold give nothing, and say so', async () => {
    const read = await ask(readSpans);
    expect(read).toEqual({
      rows: [],
      query: 'no traces in incident.yaml',
      source: 'incident.yaml',
      truncated: null,
    });
  });
});
