import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { cleanRequest } from '../../../integrations/otlp/clean/clean-request.ts';
import type { RejectReason } from '../../../integrations/otlp/clean/cleaning.ts';
import {
  createSeriesLimit,
  standardBounds,
} from '../../../integrations/otlp/clean/series-limit.ts';
import type { SeriesLimit } from '../../../integrations/otlp/clean/series-limit.ts';
import { decodeRequest } from '../../../integrations/otlp/decode-request.ts';
import type { OtlpEncoding, OtlpSignal } from '../../../integrations/otlp/signals.ts';
import {
  attribute,
  encode,
  logWith,
  logsOf,
  metricsOf,
  nanosAt,
  nowMs,
  pointWith,
  spanWith,
  tracesOf,
} from './otlp-messages.ts';

const times = { now: nowMs, earliest: nowMs - 86_400_000, latest: nowMs + 600_000 };
const newLimit = (bounds: Partial<typeof standardBounds> = {}) =>
  createSeriesLimit({ ...standardBounds, ...bounds }, () => nowMs);

async function clean(
  signal: OtlpSignal,
  request: object,
  {
    encoding = 'json',
    limit = newLimit(),
  }: { readonly encoding?: OtlpEncoding; readonly limit?: SeriesLimit } = {},
) {
  const decoded = decodeRequest(signal, encoding, encode(signal, encoding, request));
  const { lines, ...counts } = await cleanRequest(signal, decoded, { times, limit });
  return { ...counts, lines, requests: lines.map((line): unknown => JSON.parse(line)) };
}

const encodings = ['json', 'protobuf'] as const;

describe.each(encodings)('an export request in %s', (encoding) => {
  const badSpans: readonly (readonly [RejectReason, object])[] = [
    ['no-id', spanWith({ traceId: '' })],
    ['no-id', spanWith({ spanId: '0000000000000000' })],
    ['no-id', spanWith({ traceId: 'abcd' })],
    ['no-time', spanWith({ startTimeUnixNano: '0' })],
    ['too-old', spanWith({ startTimeUnixNano: '1000000000' })],
    ['too-old', spanWith({ startTimeUnixNano: nanosAt(-90_000) })],
    ['in-future', spanWith({ endTimeUnixNano: nanosAt(3_600) })],
    ['negative-duration', spanWith({ endTimeUnixNano: nanosAt(-3) })],
    ['nul-byte', spanWith({ name: 'GET\0' })],
    ['nul-byte', spanWith({ attributes: [attribute('a', 'b\0')] })],
    ['ill-formed', spanWith({ kind: 77 })],
    ['too-deep', spanWith({ attributes: [{ key: 'deep', value: nested(12) }] })],
  ];

  test.each(badSpans)('keeps the other spans beside one that is %s', async (reason, span) => {
    const { rejected, accepted, requests } = await clean(
      'traces',
      tracesOf([spanWith(), span, spanWith()]),
      { encoding },
    );
    expect([accepted, Object.fromEntries(rejected)]).toEqual([2, { [reason]: 1 }]);
    expect(requests).toMatchObject([{ resourceSpans: [{ scopeSpans: [{ spans: [{}, {}] }] }] }]);
  });

  test.each([
    ['no-name', { gauge: { dataPoints: [pointWith()] } }],
    ['no-value', { name: 'm', gauge: { dataPoints: [pointWith({ asDouble: undefined })] } }],
    ['no-time', { name: 'm', sum: { dataPoints: [pointWith({ timeUnixNano: '0' })] } }],
    [
      'in-future',
      { name: 'm', gauge: { dataPoints: [pointWith({ timeUnixNano: nanosAt(1e4) })] } },
    ],
  ])('counts data points that are %s', async (reason, metric) => {
    const { rejected, accepted } = await clean('metrics', metricsOf([metric]), { encoding });
    expect([accepted, Object.fromEntries(rejected)]).toEqual([0, { [reason]: 1 }]);
  });

  test('takes log records as of now when they have no time', async () => {
    const log = logWith({ timeUnixNano: '0' });
    const { requests, repairs } = await clean('logs', logsOf([log]), { encoding });
    expect(requests).toMatchObject([
      { resourceLogs: [{ scopeLogs: [{ logRecords: [{ timeUnixNano: nanosAt(0) }] }] }] },
    ]);
    expect(Object.fromEntries(repairs)).toEqual({ 'no-time': 1 });
  });

  test('is of unknown_service where it does not say of which', async () => {
    const { requests, repairs } = await clean('traces', tracesOf([spanWith()], {}), { encoding });
    const attributes = [attribute('service.name', 'unknown_service')];
    expect(requests).toMatchObject([{ resourceSpans: [{ resource: { attributes } }] }]);
    expect(Object.fromEntries(repairs)).toEqual({ 'no-service': 1 });
  });

  test('leaves no secret in any text', async () => {
    const secret = 'hunter2hunter2';
    const pair = `password=${secret}`;
    const attributes = [
      attribute('db.password', secret),
      attribute(`note ${pair}`, pair),
      { key: 'list', value: { arrayValue: { values: [{ stringValue: pair }] } } },
      { key: 'map', value: { kvlistValue: { values: [attribute('api_key', secret)] } } },
      { key: 'raw', value: { bytesValue: Buffer.from(pair).toString('base64') } },
    ];
    const events = [{ timeUnixNano: '1', name: pair, attributes }];
    const span = spanWith({ name: pair, attributes, events, status: { message: pair, code: 2 } });
    const log = logWith({ body: { stringValue: pair }, severityText: pair, attributes });
    const metric = { name: pair, unit: pair, gauge: { dataPoints: [pointWith({ attributes })] } };
    const of = { attributes: [attribute('service.name', 'shop'), ...attributes] };
    const all = await Promise.all([
      clean('traces', tracesOf([span], of), { encoding }),
      clean('logs', logsOf([log], of), { encoding }),
      clean('metrics', metricsOf([metric], of), { encoding }),
    ]);
    expect(all.map(({ accepted }) => accepted)).toEqual([1, 1, 1]);
    expect(all.flatMap(({ lines }) => lines).join('')).not.toContain(secret);
    const encoded = Buffer.from(pair).toString('base64').slice(0, 8);
    expect(all.flatMap(({ lines }) => lines).join('')).not.toContain(encoded);
  });

  test('keeps numbers of 64 bits to the last digit', async () => {
    const attributes = [{ key: 'big', value: { intValue: '-9223372036854775808' } }];
    const point = pointWith({ asDouble: undefined, asInt: '9007199254740993', attributes });
    const metric = { name: 'm', sum: { dataPoints: [point], isMonotonic: true } };
    const { requests } = await clean('metrics', metricsOf([metric]), { encoding });
    const kept = { asInt: '9007199254740993', attributes };
    expect(requests).toMatchObject([
      { resourceMetrics: [{ scopeMetrics: [{ metrics: [{ sum: { dataPoints: [kept] } }] }] }] },
    ]);
  });
});

describe('cleaning', () => {
  test('rejects texts that are not well-formed Unicode', async () => {
    const { rejected } = await clean(
      'logs',
      logsOf([logWith({ body: { stringValue: 'a\ud800' } })]),
    );
    expect(Object.fromEntries(rejected)).toEqual({ 'ill-formed-text': 1 });
  });

  test('rejects all items of a resource that is bad itself', async () => {
    const of = { attributes: [attribute('service.name', 'shop\0')] };
    const { rejected } = await clean('traces', tracesOf([spanWith(), spanWith()], of));
    expect(Object.fromEntries(rejected)).toEqual({ 'nul-byte': 2 });
  });

  test('stops a metric whose labels explode, and only that', async () => {
    const limit = newLimit({ seriesPerMetric: 100 });
    const metric = (name: string, labels: number) => ({
      name,
      gauge: {
        dataPoints: Array.from({ length: labels }, (_, index) =>
          pointWith({ attributes: [attribute('user', String(index))] }),
        ),
      },
    });
    const request = metricsOf([metric('bad', 1_000), metric('good', 50)]);
    const first = await clean('metrics', request, { limit });
    expect([first.accepted, Object.fromEntries(first.rejected)]).toEqual([
      150,
      { 'too-many-series': 900 },
    ]);
    const again = await clean('metrics', request, { limit });
    expect(again.accepted).toBe(150);
  });

  test('stops service names that explode', async () => {
    const limit = newLimit({ services: 2 });
    const accepted = [];
    for (const name of ['a', 'b', 'c', 'a']) {
      const of = { attributes: [attribute('service.name', name)] };
      accepted.push((await clean('traces', tracesOf([spanWith()], of), { limit })).accepted);
    }
    expect(accepted).toEqual([1, 1, 0, 1]);
  });

  test('cuts what is too long, and says so', async () => {
    const attributes = Array.from({ length: 300 }, (_, index) => attribute(`k${index}`, 'x'));
    const span = spanWith({ name: 'n'.repeat(5_000), attributes });
    const { requests, repairs } = await clean('traces', tracesOf([span]));
    const [kept] = spansIn(requests);
    expect(kept).toMatchObject({ droppedAttributesCount: 300 - 128 });
    expect(kept?.['name']).toBe(`${'n'.repeat(1_023)}…`);
    expect(repairs.get('cut')).toBe(1 + 300 - 128);
  });

  test('splits a large request into lines that can be read', async () => {
    const logs = Array.from({ length: 200 }, () =>
      logWith({ body: { stringValue: 'word '.repeat(5_000) } }),
    );
    const { lines, accepted } = await clean('logs', logsOf(logs));
    expect(accepted).toBe(200);
    expect(lines.length).toBeGreaterThanOrEqual(100);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(70_000);
  });

  test('cleans what is clean to the same', async () => {
    const { lines } = await clean('traces', tracesOf([spanWith({ name: 'token=abc123def456' })]));
    const again = await clean('traces', JSON.parse(lines[0] ?? '') as object);
    expect(again.lines).toEqual(lines);
  });

  test('never throws on items of any shape', async () => {
    const item = fc.dictionary(
      fc.constantFrom(
        'traceId',
        'startTimeUnixNano',
        'attributes',
        'events',
        'body',
        'gauge',
        'name',
      ),
      fc.jsonValue(),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(item, { maxLength: 4 }), async (items) => {
        for (const signal of ['traces', 'logs', 'metrics'] as const) {
          const wrap = { traces: tracesOf, logs: logsOf, metrics: metricsOf }[signal];
          const { accepted, rejected } = await clean(signal, wrap(items));
          const total = Array.from(rejected.values()).reduce((sum, count) => sum + count, accepted);
          if (signal !== 'metrics') expect(total).toBe(items.length);
        }
      }),
    );
  });
});

describe('decodeRequest', () => {
  test.each([
    ['traces', 'json', '{"resourceSpans":'],
    ['traces', 'json', '[]'],
    ['traces', 'json', '{"resourceSpans":{}}'],
    ['logs', 'json', '{"resourceLogs":[{"scopeLogs":[{"logRecords":["x"]}]}]}'],
    ['traces', 'protobuf', '\u000a\u00ff\u00ff'],
    ['metrics', 'protobuf', 'this is no protobuf'],
  ] as const)('refuses a body of %s that is no request in %s: %j', (signal, encoding, body) => {
    expect(() => decodeRequest(signal, encoding, Buffer.from(body, 'latin1'))).toThrow(
      expect.objectContaining({ code: 'invalid.otlp' }),
    );
  });

  test('takes an empty request, and members that OTLP does not have', () => {
    expect(decodeRequest('traces', 'protobuf', Buffer.alloc(0))).toEqual([]);
    expect(decodeRequest('traces', 'json', Buffer.from('{"newer":1}'))).toEqual([]);
  });

  test('throws nothing but invalid.otlp on protobuf that was changed by chance', () => {
    const good = encode(
      'traces',
      'protobuf',
      tracesOf([spanWith({ attributes: [attribute('a', 'b')] })]),
    );
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.nat(255), (at, byte) => {
        const bad = Buffer.from(good);
        bad[at] = byte;
        try {
          decodeRequest('traces', 'protobuf', bad);
        } catch (error) {
          expect(error).toMatchObject({ code: 'invalid.otlp' });
        }
      }),
    );
  });
});

function nested(depth: number): object {
  return depth === 0 ? { stringValue: 'x' } : { arrayValue: { values: [nested(depth - 1)] } };
}

function spansIn(requests: readonly unknown[]): readonly Readonly<Record<string, unknown>>[] {
  const [request] = requests as readonly {
    resourceSpans: readonly { scopeSpans: readonly { spans: Record<string, unknown>[] }[] }[];
  }[];
  return request?.resourceSpans[0]?.scopeSpans[0]?.spans ?? [];
}
