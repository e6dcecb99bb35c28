import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createOtlpStore } from '../../../integrations/otlp/otlp-store.ts';
import { openTestFolder } from '../../support/test-folder.ts';
import { never, readDir } from '../duckdb/case-folder.ts';
import { attribute, logsOf, metricsOf, nanosAt, nowMs, tracesOf } from './otlp-messages.ts';

const folder = openTestFolder('read-back');
/** A seed, so that what fails once fails again. */
const sampled = { numRuns: 1_500, seed: 11 };
let dir = '';

beforeAll(async () => {
  dir = folder.open();
});

afterAll(() => folder.remove());

/** Values of the right shape, of the wrong one, and at the edges of what may be there. */
const text = fc.oneof(
  fc.constantFrom('', ' ', 'GET /', 'a"b\\c', '\u2028', 'x'.repeat(2_000)),
  fc.string({ unit: 'binary', maxLength: 12 }),
);
const instant = fc.oneof(
  fc.integer({ min: -3_600, max: 0 }).map((seconds) => nanosAt(seconds)),
  fc.constantFrom('0', '', undefined, null, '1', '-1', 'soon', 0, 1.5, '18446744073709551615'),
);
const number = fc.oneof(
  fc.double(),
  fc.constantFrom('NaN', 'Infinity', '1e400', '', 'x', undefined, null, '9223372036854775808', -1),
);
const whole = fc.oneof(
  fc.nat().map(String),
  fc.integer(),
  fc.constantFrom('SPAN_KIND_SERVER', 'SEVERITY_NUMBER_WARN2', undefined, null, '-5', 99, 1.5),
);
const id = fc.oneof(
  fc.constantFrom('eee19b7ec3c1b174', 'EEE19B7EC3C1B174', '5b8efff798038103d269b633813fc60c'),
  fc.constantFrom('', '0'.repeat(32), 'zz', undefined, 7),
);
const attributes = fc.oneof(
  fc.array(
    text.map((key) => attribute(key, key)),
    { maxLength: 3 },
  ),
  fc.array(fc.record({ key: text, value: fc.jsonValue() }), { maxLength: 2 }),
  fc.constantFrom(undefined, null, {}, [1]),
);

const span = fc.record({
  ...{ traceId: fc.oneof(id, fc.constant('5b8efff798038103d269b633813fc60c')), spanId: id },
  ...{ parentSpanId: id, name: text, kind: whole, attributes },
  ...{ startTimeUnixNano: instant, endTimeUnixNano: instant },
  status: fc.oneof(fc.record({ code: whole, message: text }), fc.constant(undefined)),
});
const log = fc.record({
  ...{ timeUnixNano: instant, observedTimeUnixNano: instant, severityNumber: whole },
  ...{ severityText: text, traceId: id, spanId: id, attributes },
  body: fc.oneof(
    text.map((stringValue) => ({ stringValue })),
    fc.jsonValue(),
  ),
});
const point = fc.record({
  ...{ timeUnixNano: instant, startTimeUnixNano: instant, flags: whole, attributes },
  ...{ asDouble: number, asInt: whole, count: whole, sum: number, min: number, max: number },
  bucketCounts: fc.oneof(fc.array(whole, { maxLength: 3 }), fc.constant(undefined)),
  explicitBounds: fc.oneof(fc.array(number, { maxLength: 2 }), fc.constant(undefined)),
});
const metric = fc
  .tuple(
    fc.constantFrom('gauge', 'sum', 'histogram', 'exponentialHistogram', 'summary', 'other'),
    fc.record({ name: text, unit: text }),
    fc.record({ dataPoints: fc.array(point, { maxLength: 3 }), aggregationTemporality: whole }),
  )
  .map(([form, head, data]) => ({ ...head, [form]: data }));

describe('whatever is kept', () => {
  test('can be read: one item that the case reader refuses would hide all others', async () => {
    const store = createOtlpStore({
      ...{ dir, retentionMs: 86_400_000, maxBytes: 1e9, now: () => nowMs, pid: 1 },
      events: {
        onCleaned: () => undefined,
        onRemoved: () => undefined,
        onFailure: () => undefined,
      },
    });
    const sent = [
      ['traces', tracesOf(fc.sample(span, sampled))],
      ['logs', logsOf(fc.sample(log, sampled))],
      ['metrics', metricsOf(fc.sample(metric, sampled))],
    ] as const;
    for (const [signal, request] of sent) {
      const body = Buffer.from(JSON.stringify(request));
      const { rejected } = await store.receive({ signal, encoding: 'json', body });
      expect(rejected).toBeGreaterThan(0);
    }
    await store.close();
    const window = { start: new Date(nowMs - 7_200_000), end: new Date(nowMs + 60_000) };
    const files = (kind: string) =>
      `  ${kind}: [{ files: ["${kind}/*.jsonl"], format: otlp-json }]`;
    const head = ['version: 1', 'name: kept', 'alert: { title: x }', 'telemetry:'];
    const range = `window: { start: ${window.start.toISOString()}, end: ${window.end.toISOString()} }`;
    await writeFile(
      join(dir, 'incident.yaml'),
      [...head, ...['traces', 'logs', 'metrics'].map(files), range, ''].join('\n'),
    );
    await readDir(dir, async ({ spans, logs, metrics, window: read }) => {
      const query = { window: read, limit: 10 };
      expect((await spans(query, never)).rows.length).toBeGreaterThan(0);
      expect((await logs(query, never)).rows.length).toBeGreaterThan(0);
      expect((await metrics(query, never)).rows.length).toBeGreaterThan(0);
    });
  });
});
