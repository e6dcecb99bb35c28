import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { DuckDBInstance } from '@duckdb/node-api';
import { describe, expect, test } from '@jest/globals';
import {
  lines,
  readChanges,
  readLogs,
  readMetrics,
  readSpans,
  readValues,
  withFile,
} from './case-folder.ts';
import { openTestFolder } from '../../support/test-folder.ts';

const at = (time: string): number => Date.parse(`2026-11-20T${time}Z`);

/** The bytes of a Parquet file of what a query gives. */
async function parquet(query: string): Promise<Buffer> {
  const folder = openTestFolder('parquet');
  const file = path.join(folder.open(), 'data.parquet');
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    await connection.run(`COPY (${query}) TO '${file}' (FORMAT parquet)`);
    return await readFile(file);
  } finally {
    connection.closeSync();
    instance.closeSync();
    folder.remove();
  }
}

describe('Parquet', () => {
  const file = (content: Buffer, mapping?: string) => ({
    name: 'data.parquet',
    format: 'parquet',
    content,
    ...(mapping !== undefined && { mapping }),
  });

  test('gives times of every type in UTC, numbers, nulls as dropped samples, and the rest as attributes', async () => {
    const content = await parquet(`
      SELECT TIMESTAMPTZ '2026-11-20 11:00:00.5+02' AS time, 'cpu' AS metric, 1.5 AS value, {'zone': 'a'} AS place, 3 AS shard
      UNION ALL SELECT TIMESTAMPTZ '2026-11-20 09:00:01+00', 'cpu', NULL, {'zone': 'a'}, 3`);
    const { rows } = await withFile('metrics', file(content), readMetrics);
    expect(rows).toEqual([
      expect.objectContaining({
        metric: 'cpu',
        atMs: [at('09:00:00.500')],
        values: [1.5],
        attributes: { place: '{"zone":"a"}', shard: '3' },
      }),
    ]);
  });

  test('of spans may count nanoseconds under names of its own', async () => {
    const start = BigInt(at('09:00:00')) * 1_000_000n;
    const content = await parquet(
      `SELECT 't' AS "TraceID", 's' AS "SpanID", ${start}::BIGINT AS "Start", 2.5 AS ms, 'it''s "odd"' AS "a""b"`,
    );
    const mapping =
      'columns: { trace_id: TraceID, span_id: SpanID, duration_ms: ms }, time: { column: Start, unit: ns }';
    const { rows } = await withFile('traces', file(content, mapping), readSpans);
    expect(rows).toMatchObject([
      {
        traceId: 't',
        startAt: at('09:00:00'),
        durationMs: 2.5,
        attributes: { 'a"b': `it's "odd"` },
      },
    ]);
  });

  test('names the row and the column of what is wrong', async () => {
    const content =
      await parquet(`SELECT '2026-11-20T09:00:00Z' AS time, 'x' AS metric, '1' AS value
      UNION ALL SELECT 'soon', 'x', '2'`);
    await expect(withFile('metrics', file(content), readMetrics)).rejects.toMatchObject({
      message: 'data.parquet:2: time: "soon" is not an ISO 8601 time such as 2026-11-20T10:07:00Z',
    });
    const short = await parquet(`SELECT 1 AS value`);
    await expect(withFile('metrics', file(short), readMetrics)).rejects.toMatchObject({
      message: 'data.parquet: time: is a required column',
    });
    await expect(
      withFile('metrics', file(Buffer.from('not parquet at all')), readMetrics),
    ).rejects.toMatchObject({ message: 'data.parquet: is not a Parquet file' });
    await expect(withFile('metrics', file(gzipSync(content)), readMetrics)).rejects.toMatchObject({
      message: 'data.parquet: is gzipped; a Parquet file is packed as it is',
    });
  });
});

describe('a JSON document', () => {
  const one = { time: '2026-11-20T09:00:00Z', metric: 'cpu', value: 1, host: 'a' };
  const two = { ...one, metric: 'mem', value: 2 };
  const json = (content: unknown, mapping?: string) => ({
    name: 'data.json',
    format: 'json',
    content:
      typeof content === 'string' || Buffer.isBuffer(content) ? content : JSON.stringify(content),
    ...(mapping !== undefined && { mapping }),
  });

  test.each([
    ['a list', [one, two]],
    ['an object with one list of objects', { source: 'x', data: [one, two] }],
    ['an object with several', { first: [one], none: [], second: [two] }],
    ['a list as Kubernetes gives it', { kind: 'List', items: [one, two] }],
    ['an object of objects', { a: one, 'b/c~d': two }],
    ['a list, gzipped', gzipSync(JSON.stringify([one, two]))],
  ])('may be %s', async (_what, content) => {
    expect(await withFile('metrics', json(content), readValues)).toEqual({ cpu: [1], mem: [2] });
  });

  test('may be one row, and its names may lead further in', async () => {
    const row = { at: one.time, labels: { 'name.of': 'cpu' }, point: { v: 7 } };
    const mapping =
      'columns: { time: at, value: point.v }, constants: { metric: load, region: eu }';
    const { rows } = await withFile('metrics', json(row, mapping), readMetrics);
    expect(rows).toMatchObject([
      { metric: 'load', values: [7], attributes: { region: 'eu', labels: '{"name.of":"cpu"}' } },
    ]);
  });

  test('gives the names of an object of objects as `key`', async () => {
    const content = { payments: { ...one, service: undefined }, shop: two };
    const mapping = 'columns: { service: key }';
    const { rows } = await withFile('metrics', json(content, mapping), readMetrics);
    expect(rows.map(({ service, metric }) => [service, metric])).toEqual([
      ['payments', 'cpu'],
      ['shop', 'mem'],
    ]);
  });

  test.each([
    ['that is cut', '[{"time":\n"2026', 'data.json:2: is not valid JSON'],
    ['that is a text', '"x"', 'data.json:1: is neither a JSON object nor a list'],
    [
      'with a row that is none',
      `[${JSON.stringify(one)},\n\n 5]`,
      'data.json:3: is not a JSON object',
    ],
    [
      'with a bad value in its second list',
      `{"a": [${JSON.stringify(one)}],\n"b": [\n${JSON.stringify({ ...one, value: 'x' })}]}`,
      'data.json:3: value: "x" is not a number',
    ],
  ])('%s is refused by file and line', async (_what, content, message) => {
    await expect(withFile('metrics', json(content), readMetrics)).rejects.toMatchObject({
      code: 'invalid.case',
      message: expect.stringMatching(
        new RegExp(`^${message.replace(':2: is not valid', '(:\\d+)?: is not valid')}$`),
      ),
    });
  });

  test('keeps the digits of large counts', async () => {
    const content = `[{"t": 1795165200123456789, "metric": "x", "value": 1}]`;
    const { rows } = await withFile(
      'metrics',
      json(content, 'time: { column: t, unit: ns }'),
      readMetrics,
    );
    expect(rows[0]?.atMs[0]).toBeCloseTo(1_795_165_200_123.456, 3);
  });
});

describe('text', () => {
  const text = (content: string | Buffer, mapping?: string) => ({
    name: 'app.log',
    format: 'text',
    content,
    ...(mapping !== undefined && { mapping }),
  });

  test('begins a record with each time and joins the lines that follow', async () => {
    const content = lines(
      '2026-11-20T09:00:00Z INFO started',
      '2026-11-20 09:00:01,250 [main] ERROR failed',
      'java.lang.IllegalStateException: no',
      '\tat Shop.buy(Shop.java:7)',
      '[2026-11-20 11:00:02.5 +0200] level=warn slow\r',
    );
    const { rows } = await withFile(
      'logs',
      text(content, 'constants: { service: shop }'),
      readLogs,
    );
    expect(
      rows.map(({ at: time, severity, service, body }) => [time, severity, service, body]),
    ).toEqual([
      [at('09:00:00'), 'info', 'shop', '2026-11-20T09:00:00Z INFO started'],
      [
        at('09:00:01.250'),
        'error',
        'shop',
        '2026-11-20 09:00:01,250 [main] ERROR failed\njava.lang.IllegalStateException: no\n\tat Shop.buy(Shop.java:7)',
      ],
      [at('09:00:02.500'), 'warn', 'shop', '[2026-11-20 11:00:02.5 +0200] level=warn slow'],
    ]);
  });

  test.each([
    ['a format', "timestamp: '%b %d %H:%M:%S'", 'Nov 20 09:00:05 host sshd[7]: no'],
    ['a format with a year of two digits', "timestamp: '%y/%m/%d %H:%M:%S'", '26/11/20 09:00:05 x'],
    [
      'a format as web servers write',
      "timestamp: '%d/%b/%Y:%H:%M:%S %z'",
      '::1 - [20/Nov/2026:11:00:05 +0200] "GET /"',
    ],
    [
      'parts of a pattern',
      String.raw`timestamp: '^(?P<hour>\d\d):(?P<minute>\d\d):(?P<second>\d\d)\.(?P<fraction>\d+)'`,
      '09:00:05.000 x',
    ],
    [
      'a pattern of one group',
      String.raw`timestamp: '^t=(\d+) ', time: { unit: s }`,
      `t=${at('09:00:05') / 1_000} x`,
    ],
    [
      'a pattern without groups',
      String.raw`timestamp: '\d{13}', time: { unit: ms }`,
      `id=5 ${at('09:00:05')} x`,
    ],
    [
      'local time',
      `timestamp: '%Y-%m-%d %H:%M:%S', time: { offset: '+08:00' }`,
      '2026-11-20 17:00:05 x',
    ],
  ])('finds the time by %s', async (_what, mapping, line) => {
    const content = lines(line, '  and so on');
    const { rows } = await withFile('logs', text(gzipSync(content), mapping), readLogs);
    expect(rows).toMatchObject([{ at: at('09:00:05'), body: `${line}\n  and so on` }]);
  });

  test('takes columns from groups called like them', async () => {
    const pattern = String.raw`^(?P<time>\S+) (?P<severity>\w+) \[(?P<service>[\w-]+)\] (?P<body>.*)`;
    const content = lines('2026-11-20T09:00:00Z W [shop] slow', 'more');
    const { rows } = await withFile('logs', text(content, `timestamp: '${pattern}'`), readLogs);
    expect(rows).toMatchObject([{ severity: 'warn', service: 'shop', body: 'slow\nmore' }]);
  });

  test('without a time is refused, as is a pattern that is none', async () => {
    await expect(withFile('logs', text('hello\nthere\n'), readLogs)).rejects.toMatchObject({
      message: 'app.log:1: time: no line begins with a time; say with timestamp how it is written',
    });
    await expect(
      withFile('logs', text('hello\n', `timestamp: '(a'`), readLogs),
    ).rejects.toMatchObject({
      message:
        'incident.yaml:6: telemetry.logs[0].timestamp: is not a pattern that RE2 understands',
    });
  });

  test('of a hostile pattern takes linear time', async () => {
    const content = `${'a'.repeat(50_000)}!\n`;
    const started = performance.now();
    await expect(
      withFile('logs', text(content, `timestamp: '^(a+)+$'`), readLogs),
    ).rejects.toMatchObject({ code: 'invalid.case' });
    expect(performance.now() - started).toBeLessThan(20_000);
  });
});

test('rows of changes in a document are read under our names', async () => {
  const content = JSON.stringify([
    { timestamp: '2026-11-20T09:00:00Z', service: 'shop', commit_sha: 'c6', version: 'v9' },
  ]);
  const mapping =
    'columns: { time: timestamp, revision: commit_sha, title: version }, constants: { kind: deploy }';
  const file = { name: 'deploys.json', format: 'json', content, mapping };
  const { rows } = await withFile('changes', file, readChanges);
  expect(rows).toMatchObject([
    { id: 'c6', kind: 'deploy', revision: 'c6', title: 'v9', service: 'shop' },
  ]);
});
