import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Telemetry } from '../../../core/ports/telemetry.ts';
import { startLocalGoogle } from '../../../examples/local-google/start-local-google.ts';
import type { LocalGoogle } from '../../../examples/local-google/start-local-google.ts';
import { manifest, never, windowEnd, windowStart, writeCaseFolder } from '../duckdb/case-folder.ts';
import type { CaseFolder } from '../duckdb/case-folder.ts';
import { openGoogle } from './open-google.ts';
import type { OpenGoogle } from './open-google.ts';

const secrets = {
  line: 'hunter2-of-the-line',
  field: 'hunter2-of-the-field',
  title: 'hunter2-of-the-title',
  diff: 'hunter2-of-the-diff',
  url: 'hunter2-of-the-url',
  span: 'hunter2-of-the-span',
  name: 'hunter2-of-the-name',
  label: 'hunter2-of-the-label',
};
const time = '2026-11-20T09:05:00Z';
const nanos = (seconds: number): string => `${Date.parse(time) / 1_000 + seconds}000000000`;
const text = (key: string, stringValue: string): object => ({ key, value: { stringValue } });

const logs = [
  { time, service: 'shop', severity: 'ERROR', body: `cannot log in: password=${secrets.line}` },
  { time, service: 'shop', severity: 'ERROR', body: 'denied', db_password: secrets.field },
];
const change = {
  time,
  id: 'deploy-1',
  kind: 'deploy',
  service: 'shop',
  title: `Deploy with api_key=${secrets.title}`,
  diff: `+  DB_PASSWORD: "${secrets.diff}"`,
  url: `https://bot:${secrets.url}@git.example/shop`,
};
const span = {
  ...{ traceId: '5b8efff798038103d269b633813fc60c', spanId: 'eee19b7ec3c1b174', kind: 2 },
  name: `GET /?access_token=${secrets.name}1`,
  ...{ startTimeUnixNano: nanos(0), endTimeUnixNano: nanos(1) },
  attributes: [text('db.connection_string', `postgres://app:${secrets.span}@db/shop`)],
};
const traces = {
  resourceSpans: [
    {
      resource: { attributes: [text('service.name', 'shop')] },
      scopeSpans: [{ spans: [span] }],
    },
  ],
};
const metrics = [
  'time,metric,service,value,password',
  ...[0, 1, 2].map((second) => `2026-11-20T09:05:0${second}Z,queue.size,shop,1,${secrets.label}`),
];
const lines = (rows: readonly object[]): string =>
  rows.map((row) => JSON.stringify(row)).join('\n');

let folder: CaseFolder;
let server: LocalGoogle;
let google: OpenGoogle;
let telemetry: Telemetry;
const window = { startAt: Date.parse(windowStart), endAt: Date.parse(windowEnd) };
const query = { window, limit: 100 };

beforeAll(async () => {
  folder = await writeCaseFolder({
    'incident.yaml': manifest([
      'logs: [{ files: [logs.jsonl], format: jsonl }]',
      'changes: [{ files: [changes.jsonl], format: jsonl }]',
      'traces: [{ files: [traces.jsonl], format: otlp-json }]',
      'metrics: [{ files: [metrics.csv], format: csv }]',
    ]),
    'logs.jsonl': lines(logs),
    'changes.jsonl': lines([change]),
    'traces.jsonl': lines([traces]),
    'metrics.csv': `${metrics.join('\n')}\n`,
  });
  server = await startLocalGoogle({ caseDir: folder.dir, projectId: 'kit-project', port: 0 });
  google = openGoogle(server.url, window);
  ({ telemetry } = google);
});
afterAll(async () => {
  await google?.close();
  await server?.close();
  folder?.remove();
});

function expectMasked(read: unknown, places: readonly (keyof typeof secrets)[]): void {
  const said = JSON.stringify(read);
  expect(Object.values(secrets).filter((secret) => said.includes(secret))).toEqual([]);
  expect(said.match(/⟨secret:/g) ?? []).toHaveLength(places.length);
}

test('no secret of a log line, or of what stands beside it, comes out of Cloud Logging', async () => {
  const { rows } = await telemetry.logs(query, never);
  const attributes = await telemetry.logAttributes(
    rows.map(({ row }) => row),
    never,
  );
  expect(rows.map(({ body }) => body)).toEqual([
    'cannot log in: password=⟨secret:password⟩',
    'denied',
  ]);
  expectMasked([rows.map(({ body }) => body), [...attributes.values()]], ['line', 'field']);
});

test('nor where it is asked in its own language', async () => {
  const native = await telemetry.native?.logs.query('severity >= ERROR', query, never);
  expect(native?.rows).toHaveLength(2);
  expectMasked(native?.rows, ['line', 'field']);
  const prom = await telemetry.native?.metrics.query(
    'workload_googleapis_com:queue_size',
    query,
    never,
  );
  expect(prom?.rows).toHaveLength(1);
  expectMasked(prom?.rows, ['label']);
});

test('nor of what the audit log says of a change', async () => {
  const { rows } = await telemetry.changes(query, never);
  expect(rows).toHaveLength(1);
  expectMasked(rows, ['title', 'diff', 'url']);
});

test('nor of the name or an attribute of a span', async () => {
  const { rows } = await telemetry.spans(query, never);
  expect(rows).toHaveLength(1);
  expectMasked(rows, ['name', 'span']);
});

test('nor of a label of a metric', async () => {
  const { rows } = await telemetry.metrics(query, never);
  expect(rows).toHaveLength(1);
  expectMasked(rows, ['label']);
});
