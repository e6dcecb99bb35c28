import { describe, expect, test } from '@jest/globals';
import {
  csv,
  jsonl,
  jsonLines,
  lines,
  never,
  readChanges,
  readLogAttributes,
  readLogs,
  readMetrics,
  readSpans,
  readValues,
  withFile,
} from './case-folder.ts';

const limit = 100;
const at = (time: string): number => Date.parse(`2026-11-20T${time}Z`);

describe('JSON lines', () => {
  const good = { time: '2026-11-20T09:00:00Z', body: 'fine' };

  test('may have a byte order mark, mixed line ends and blank lines', async () => {
    const text = `\uFEFF${JSON.stringify(good)}\r\n\r\n  \n${JSON.stringify({ ...good, body: 'late' })}`;
    const { rows } = await withFile('logs', jsonl(text), readLogs);
    expect(rows.map(({ body }) => body)).toEqual(['fine', 'late']);
  });

  test('replaces NUL characters, keeps objects as JSON and an empty body empty', async () => {
    const bodies = ['a\0b', { a: [1] }, '', null, 5];
    const text = jsonLines(...bodies.map((body) => ({ ...good, body })));
    const { rows } = await withFile('logs', jsonl(text), readLogs);
    expect(rows.map(({ body }) => body)).toEqual(['a\uFFFDb', '{"a":[1]}', '', '', '5']);
  });

  test('cuts very long bodies', async () => {
    const { rows } = await withFile(
      'logs',
      jsonl(jsonLines({ ...good, body: 'é'.repeat(100_000) })),
      readLogs,
    );
    expect(rows[0]?.body).toBe('é'.repeat(32_768));
  });

  test('keeps keys it does not know as attributes, and nested attributes as text', async () => {
    const span = {
      trace_id: 't',
      span_id: 's',
      start: '2026-11-20T09:00:00Z',
      duration_ns: 5,
      pod: 'x',
      attributes: { 'db.system': 'postgresql', rows: 3, list: [1], none: null },
    };
    const { rows } = await withFile('traces', jsonl(jsonLines(span)), readSpans);
    expect(rows[0]?.attributes).toEqual({
      'db.system': 'postgresql',
      list: '[1]',
      pod: 'x',
      rows: '3',
    });
  });

  test('keeps them of log lines and changes too, with the node', async () => {
    const more = { region: 'eu', attributes: { 'user.id': 7, at: { shop: 1 } } };
    const logs = jsonl(jsonLines(good, { ...good, ...more, node: 'node-a' }));
    expect(await withFile('logs', logs, readLogAttributes)).toEqual([
      {},
      { at: '{"shop":1}', node: 'node-a', region: 'eu', 'user.id': '7' },
    ]);
    const row = { time: good.time, kind: 'flag', id: 'f-1', ...more };
    const change = await withFile('changes', jsonl(jsonLines(row)), readChanges);
    expect(change.rows[0]?.attributes).toEqual({ at: '{"shop":1}', region: 'eu', 'user.id': '7' });
  });

  test.each([
    ['logs', { ...good, attributes: 'a=b' }, readLogs],
    ['changes', { time: good.time, kind: 'flag', attributes: 'a=b' }, readChanges],
  ] as const)('refuses attributes of %s that are no object', async (kind, row, read) => {
    const reading = withFile<unknown>(kind, jsonl(jsonLines(row)), read);
    await expect(reading).rejects.toMatchObject({
      message: 'data.jsonl:1: attributes: "a=b" is not a JSON object',
    });
  });

  test.each([
    [
      'a line that is cut',
      [JSON.stringify(good), '{"time":"2026'],
      'data.jsonl:2: is not valid JSON',
    ],
    [
      'two objects on a line',
      [JSON.stringify(good), '', `${JSON.stringify(good)}${JSON.stringify(good)}`],
      'data.jsonl:3: is not valid JSON',
    ],
    ['a raw control character', ['{"time":"\u0001"}'], 'data.jsonl:1: is not valid JSON'],
    ['a list', ['[1, 2]'], 'data.jsonl:1: is not a JSON object'],
    ['a text', ['"hello"'], 'data.jsonl:1: is not a JSON object'],
    [
      'a row without a body',
      [JSON.stringify({ time: good.time })],
      'data.jsonl:1: body: is required',
    ],
    [
      'a row without a time',
      ['', JSON.stringify({ body: 'x' })],
      'data.jsonl:2: time: is required',
    ],
    [
      'a number for a time',
      [JSON.stringify({ ...good, time: 1_763_632_800_000 })],
      'data.jsonl:1: time: "1763632800000" is not an ISO 8601 time such as 2026-11-20T10:07:00Z',
    ],
  ])('with %s are refused by file and line', async (_what, rows, message) => {
    await expect(withFile('logs', jsonl(lines(...rows)), readLogs)).rejects.toMatchObject({
      code: 'invalid.case',
      message,
    });
  });

  test('with a line of more than 8 MB are refused', async () => {
    const text = jsonLines(good, { ...good, body: 'x'.repeat(9_000_000) });
    await expect(withFile('logs', jsonl(text), readLogs)).rejects.toMatchObject({
      message: 'data.jsonl:2: is longer than 8388608 bytes',
    });
  });

  test('that are not UTF-8 are refused', async () => {
    const text = Buffer.concat([
      Buffer.from(jsonLines(good)),
      Buffer.from('{"time":"'),
      Buffer.from([0xfe, 0xff]),
      Buffer.from('"}\n'),
    ]);
    await expect(withFile('logs', jsonl(text), readLogs)).rejects.toMatchObject({
      code: 'invalid.case',
      message: 'data.jsonl:2: is not UTF-8',
    });
  });

  test('of metrics tell a null value, which is dropped, from none at all', async () => {
    const sample = { time: good.time, metric: 'cpu' };
    const text = jsonLines({ ...sample, value: null }, { ...sample, value: '2.5' });
    expect(await withFile('metrics', jsonl(text), readValues)).toEqual({ cpu: [2.5] });
    await expect(withFile('metrics', jsonl(jsonLines(sample)), readMetrics)).rejects.toMatchObject({
      message: 'data.jsonl:1: value: is required',
    });
  });
});

describe('spans in a table', () => {
  const header = 'trace_id,span_id,parent_span_id,start,duration_ns,end,service,kind,status';

  test('have a duration or an end, kinds and statuses as OpenTelemetry writes them', async () => {
    const text = lines(
      header,
      't,a,,2026-11-20T09:00:00.000001Z,1500000,,shop,SPAN_KIND_SERVER,STATUS_CODE_ERROR',
      't,b,a,2026-11-20T09:00:00.5Z,,2026-11-20T09:00:01Z,shop,3,Ok',
      't,c,0000000000000000,2026-11-20T09:00:01Z,0,,,,',
    );
    const { rows } = await withFile('traces', csv(text), readSpans);
    expect(
      rows.map(({ spanId, parentSpanId, startAt, durationMs, kind, status, service }) => [
        spanId,
        parentSpanId,
        startAt - at('09:00:00'),
        durationMs,
        kind,
        status,
        service,
      ]),
    ).toEqual([
      ['a', null, expect.closeTo(0.001, 3), 1.5, 'server', 'error', 'shop'],
      ['b', 'a', 500, 500, 'client', 'ok', 'shop'],
      ['c', null, 1_000, 0, 'unset', 'unset', 'unknown_service'],
    ]);
  });

  test.each([
    [
      'neither duration nor end',
      't,a,,2026-11-20T09:00:00Z,,,s,,',
      'duration_ns: is required (or end)',
    ],
    [
      'a duration that is a word',
      't,a,,2026-11-20T09:00:00Z,fast,,s,,',
      'duration_ns: "fast" is not a number',
    ],
    [
      'an end that is no time',
      't,a,,2026-11-20T09:00:00Z,,soon,s,,',
      'end: "soon" is not an ISO 8601 time such as 2026-11-20T10:07:00Z',
    ],
    [
      'a kind of its own',
      't,a,,2026-11-20T09:00:00Z,1,,s,middle,',
      'kind: "middle" is not one of server, client, producer, consumer, internal',
    ],
    [
      'a status of its own',
      't,a,,2026-11-20T09:00:00Z,1,,s,,fine',
      'status: "fine" is not one of ok, error, unset',
    ],
    ['no span id', 't,,,2026-11-20T09:00:00Z,1,,s,,', 'span_id: is required'],
  ])('with %s are refused', async (_what, row, says) => {
    await expect(withFile('traces', csv(lines(header, row)), readSpans)).rejects.toMatchObject({
      message: `data.csv:2: ${says}`,
    });
  });

  test('are found by trace', async () => {
    const text = lines(
      header,
      't1,a,,2026-11-20T09:00:00Z,1,,s,,',
      't2,b,,2026-11-20T09:00:00Z,1,,s,,',
    );
    const { rows } = await withFile('traces', csv(text), ({ spans, window }) =>
      spans({ window, traceId: 't2', limit }, never),
    );
    expect(rows.map(({ spanId }) => spanId)).toEqual(['b']);
  });
});

describe('changes', () => {
  test('of a kind outside the closed list are refused', async () => {
    const text = jsonLines({ time: '2026-11-20T09:00:00Z', kind: 'party' });
    await expect(withFile('changes', jsonl(text), readChanges)).rejects.toMatchObject({
      message:
        'data.jsonl:1: kind: "party" is not one of deploy, config, flag, scale, commit, schema, infrastructure',
    });
  });

  test('in CSV name their files with commas, bars or line ends', async () => {
    const text = lines(
      'time,kind,revision,files',
      '2026-11-20T09:00:00Z,deploy,r1,"a.ts, b.ts"',
      '2026-11-20T09:00:01Z,deploy,r2,c.ts|d.ts',
    );
    const { rows } = await withFile('changes', csv(text), readChanges);
    expect(rows.map(({ id, files }) => [id, files])).toEqual([
      ['r1', ['a.ts', 'b.ts']],
      ['r2', ['c.ts', 'd.ts']],
    ]);
  });
});
