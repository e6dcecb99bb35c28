import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import {
  jsonLines,
  lines,
  readLogAttributes,
  readLogs,
  readSpans,
  withFile,
} from './case-folder.ts';
import { atMs, logsOf, nanos, otlp, spansOf, text } from './otlp-requests.ts';

const span = {
  traceId: '5b8efff798038103d269b633813fc60c',
  spanId: 'eee19b7ec3c1b174',
  startTimeUnixNano: nanos(1),
  endTimeUnixNano: nanos(2),
  name: 'GET /',
};

describe('OTLP traces', () => {
  test('give spans with the service and instance of their resource, to the nanosecond', async () => {
    const request = spansOf({
      ...span,
      parentSpanId: '00f067aa0ba902b7',
      kind: 3,
      endTimeUnixNano: '1795165201000000123',
      attributes: [
        text('peer.service', 'ledger'),
        { key: 'http.response.status_code', value: { intValue: '500' } },
        { key: 'ratio', value: { doubleValue: 0.5 } },
        { key: 'retried', value: { boolValue: true } },
        {
          key: 'hosts',
          value: { arrayValue: { values: [{ stringValue: 'a' }, { intValue: 1 }] } },
        },
        {
          key: 'nested',
          value: { kvlistValue: { values: [{ key: 'x', value: { stringValue: 'y' } }] } },
        },
        { key: 'empty', value: {} },
      ],
      status: { code: 2, message: 'no' },
    });
    const { rows } = await withFile('traces', otlp(jsonLines(request)), readSpans);
    expect(rows).toEqual([
      {
        traceId: span.traceId,
        spanId: span.spanId,
        parentSpanId: '00f067aa0ba902b7',
        service: 'shop',
        instance: 'shop-0',
        name: 'GET /',
        kind: 'client',
        startAt: atMs(1),
        durationMs: 0.000123,
        status: 'error',
        attributes: {
          hosts: '["a",1]',
          'http.response.status_code': '500',
          nested: '{"x":"y"}',
          'peer.service': 'ledger',
          ratio: '0.5',
          retried: 'true',
          'service.version': '1.4.0',
        },
      },
    ]);
  });

  test.each([
    [{ kind: 0 }, 'unset', 'unset'],
    [{ kind: 2, status: {} }, 'server', 'unset'],
    [{ kind: 'SPAN_KIND_PRODUCER', status: { code: 'STATUS_CODE_OK' } }, 'producer', 'ok'],
    [{ kind: '5', status: { code: 1 } }, 'consumer', 'ok'],
    [{ kind: 'SPAN_KIND_INTERNAL', status: { code: 'STATUS_CODE_ERROR' } }, 'internal', 'error'],
  ])('read enumerations as numbers or names: %j', async (given, kind, status) => {
    const { rows } = await withFile(
      'traces',
      otlp(jsonLines(spansOf({ ...span, ...given }))),
      readSpans,
    );
    expect(rows[0]).toMatchObject({ kind, status });
  });

  test('may be gzipped, hold empty requests, requests of other signals, and nanoseconds as numbers', async () => {
    const numbers = JSON.stringify(spansOf({ ...span, startTimeUnixNano: 0 })).replace(
      '"startTimeUnixNano":0',
      `"startTimeUnixNano":${nanos(1.5)}`,
    );
    const content = gzipSync(
      lines(
        '{}',
        JSON.stringify(logsOf()),
        '{"resourceSpans":[]}',
        numbers,
        '{"resourceSpans":null}',
      ),
    );
    const { rows } = await withFile('traces', otlp(content, 'traces.jsonl.gz'), readSpans);
    expect(rows.map(({ startAt, durationMs }) => [startAt, durationMs])).toEqual([
      [atMs(1.5), 500],
    ]);
  });

  test.each([
    ['no id', spansOf({ ...span, spanId: '' }), 'spanId: is required'],
    [
      'no start',
      spansOf({ ...span, startTimeUnixNano: undefined }),
      'startTimeUnixNano: is required',
    ],
    [
      'a start in words',
      spansOf({ ...span, startTimeUnixNano: '2026-11-20T09:00:00Z' }),
      'startTimeUnixNano: "2026-11-20T09:00:00Z" is not a count of nanoseconds since 1970',
    ],
    ['a kind that is none', spansOf({ ...span, kind: 9 }), 'kind: "9" is not a span kind'],
    [
      'a status that is none',
      spansOf({ ...span, status: { code: 'BAD' } }),
      'status.code: "BAD" is not a status code',
    ],
    [
      'a span that is no object',
      { resourceSpans: [{ scopeSpans: [{ spans: ['span'] }] }] },
      'traceId: is required',
    ],
    ['no list', { resourceSpans: {} }, 'resourceSpans: must be a list'],
    ['another shape', { spans: [span] }, 'resourceSpans: is required'],
  ])('with %s are refused by file, line and field', async (_what, request, says) => {
    const content = jsonLines(spansOf(span), request);
    await expect(withFile('traces', otlp(content), readSpans)).rejects.toMatchObject({
      code: 'invalid.case',
      message: `data.jsonl:2: ${says}`,
    });
  });
});

describe('OTLP logs', () => {
  test('give records with severity by number, else by word, and their trace', async () => {
    const at = { timeUnixNano: nanos(3) };
    const request = logsOf(
      {
        ...at,
        severityNumber: 17,
        severityText: 'oops',
        body: { stringValue: 'numbered' },
        traceId: span.traceId,
        spanId: span.spanId,
      },
      { ...at, severityText: 'WARNING', body: { stringValue: 'worded' }, traceId: '', spanId: '' },
      {
        ...at,
        severityNumber: 'SEVERITY_NUMBER_FATAL',
        body: { kvlistValue: { values: [{ key: 'a', value: { intValue: '1' } }] } },
      },
      { timeUnixNano: '0', observedTimeUnixNano: nanos(4), body: { intValue: '7' } },
      { ...at, eventName: 'session.start' },
    );
    const { rows } = await withFile('logs', otlp(jsonLines(request)), readLogs);
    expect(
      rows.map(({ at, severity, body, traceId }) => [at - atMs(0), severity, body, traceId]),
    ).toEqual([
      [3_000, 'error', 'numbered', span.traceId],
      [3_000, 'warn', 'worded', null],
      [3_000, 'fatal', '[{"key":"a","value":{"intValue":"1"}}]', null],
      [3_000, null, 'session.start', null],
      [4_000, null, '7', null],
    ]);
    expect(rows[0]).toMatchObject({ service: 'shop', instance: 'shop-0', spanId: span.spanId });
  });

  test('have their own attributes and those of their resource', async () => {
    const attributes = [{ key: 'user.id', value: { intValue: '7' } }];
    const request = logsOf({ timeUnixNano: nanos(3), body: { stringValue: 'x' }, attributes });
    expect(await withFile('logs', otlp(jsonLines(request)), readLogAttributes)).toEqual([
      { 'service.version': '1.4.0', 'user.id': '7' },
    ]);
  });

  test('without any time are refused', async () => {
    const content = jsonLines(logsOf({ body: { stringValue: 'x' } }));
    await expect(withFile('logs', otlp(content), readLogs)).rejects.toMatchObject({
      message: 'data.jsonl:1: timeUnixNano: is required',
    });
  });
});
