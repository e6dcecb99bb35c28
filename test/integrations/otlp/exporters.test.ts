import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createOtlpStore } from '../../../integrations/otlp/otlp-store.ts';
import { isKeptKind } from './kept-files.ts';
import { openTestFolder } from '../../support/test-folder.ts';
import { readDir, readLogs, readMetrics, readSpans } from '../duckdb/case-folder.ts';
import { recordExports } from './export-everything.ts';

const folder = openTestFolder('exporters');
const span = { startAt: 1_795_165_200_000, endAt: 1_795_165_200_250 };
let dir = '';

beforeAll(async () => {
  dir = folder.open();
});

afterAll(() => folder.remove());

/** What the case reader finds in that which the exporters of OpenTelemetry sent and the store kept. */
async function sendAndRead(encoding: 'json' | 'protobuf') {
  const sent = await recordExports(encoding, span);
  const caseDir = join(dir, encoding);
  await mkdir(caseDir, { recursive: true });
  const store = createOtlpStore({
    dir: caseDir,
    retentionMs: Date.now(),
    maxBytes: 1e9,
    now: () => Date.now() + 365 * 86_400_000,
    pid: 1,
    events: {
      onCleaned: (_signal, { rejected }) => expect(Object.fromEntries(rejected)).toEqual({}),
      onRemoved: () => undefined,
      onFailure: (error) => expect(error).toBeNull(),
    },
  });
  const receipts = await Promise.all(
    sent.map(async ({ path, contentType, body }) => {
      const signal = path.replace('/v1/', '');
      const isJson = contentType === 'application/json';
      if (!isKeptKind(signal)) throw new Error(`${path} is no path of OTLP`);
      return store.receive({ signal, encoding: isJson ? 'json' : 'protobuf', body });
    }),
  );
  await store.close();
  const globs = ['traces', 'metrics', 'logs'].map(
    (kind) => `  ${kind}: [{ files: ["${kind}/*.jsonl"], format: otlp-json }]`,
  );
  const about = ['version: 1', 'name: sent', 'alert: { title: x }', 'telemetry:', ...globs];
  const window = 'window: { start: 2026-01-01T00:00:00Z, end: 2027-12-31T00:00:00Z }';
  await writeFile(join(caseDir, 'incident.yaml'), [...about, window, ''].join('\n'));
  return readDir(caseDir, async (telemetry) => ({
    receipts,
    spans: (await readSpans(telemetry)).rows,
    logs: (await readLogs(telemetry)).rows,
    metrics: (await readMetrics(telemetry)).rows.map(({ metric, statistic, values }) => ({
      metric,
      statistic,
      values,
    })),
  }));
}

function valuesOf(
  metric: string,
  rows: readonly { readonly metric: string; readonly values: readonly number[] }[],
): readonly number[] {
  return rows.filter((row) => row.metric === metric).flatMap(({ values }) => values);
}

describe('what the exporters of OpenTelemetry send', () => {
  test.each(['json', 'protobuf'] as const)(
    'in %s is kept as the case reader reads it',
    async (encoding) => {
      const { receipts, spans, logs, metrics } = await sendAndRead(encoding);
      expect(receipts).toEqual(receipts.map(() => ({ rejected: 0, message: '' })));
      expect(spans).toMatchObject([
        {
          service: 'shop',
          name: 'GET /items',
          kind: 'server',
          startAt: span.startAt,
          durationMs: 250,
          status: 'error',
          attributes: {
            'http.response.status_code': '500',
            ratio: '0.5',
            retried: 'true',
            hosts: '["a","b"]',
            'service.version': '1.4.0',
          },
        },
      ]);
      expect(logs).toMatchObject([
        {
          at: span.startAt,
          service: 'shop',
          severity: 'error',
          body: 'cannot connect to postgres://shop:⟨secret:password⟩@db/shop',
        },
      ]);
      // Told twice: at the flush, and when the exporter was shut down.
      expect(new Set(valuesOf('requests', metrics))).toEqual(new Set([3]));
      expect(new Set(valuesOf('memory', metrics))).toEqual(new Set([2 ** 53]));
      expect(metrics.some(({ metric }) => metric === 'latency')).toBe(true);
    },
  );
});
