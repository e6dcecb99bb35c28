import { writeFile } from 'node:fs/promises';
import { request as openRequest } from 'node:http';
import type { ClientRequest } from 'node:http';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import request from 'supertest';
import { statusType } from '../../integrations/otlp/protocol.ts';
import { exportEverything } from '../integrations/otlp/export-everything.ts';
import { linesIn } from '../integrations/otlp/kept-files.ts';
import {
  attribute,
  encode,
  logsOf,
  logWith,
  metricsOf,
  nanosAt,
  pointWith,
  spanWith,
  tracesOf,
} from '../integrations/otlp/otlp-messages.ts';
import { waitUntil } from '../support/wait-until.ts';
import { startTestApi, token } from './support/api.ts';
import type { TestApi } from './support/api.ts';

const protobuf = 'application/x-protobuf';
const now = Date.now();
const good = spanWith({}, now);
let api: TestApi;

/** What was counted before the test. */
let before: ReadonlyMap<string, number>;
let linesBefore = 0;

beforeAll(async () => {
  api = await startTestApi();
});

afterAll(() => api.close());

beforeEach(async () => {
  before = await readCounters(api);
  linesBefore = (await linesIn(api.telemetryDir, 'traces')).length;
});

interface Sent {
  readonly signal?: 'traces' | 'metrics' | 'logs';
  readonly type?: string;
  readonly packing?: string;
  readonly to?: TestApi;
}

/** Sends a body as it is. */
async function send(
  body: Buffer,
  { signal = 'traces', type = protobuf, packing, to = api }: Sent = {},
) {
  const answer = await fetch(`${to.url}/v1/${signal}`, {
    method: 'POST',
    headers: {
      'content-type': type,
      ...(packing === undefined ? {} : { 'content-encoding': packing }),
    },
    body,
  });
  const reply = Buffer.from(await answer.arrayBuffer());
  return { status: answer.status, type: answer.headers.get('content-type'), reply, answer };
}

const statusOf = (reply: Buffer): object => statusType.toObject(statusType.decode(reply));

/** The counters of telemetry, by name and labels. */
async function readCounters({ server }: TestApi): Promise<ReadonlyMap<string, number>> {
  const { text } = await request(server).get('/metrics').expect(200);
  const counters = text.matchAll(/^holdfast_otlp_(\w+)_total\{(.*)\} (\d+)$/gm);
  return new Map(
    Array.from(counters, ([, name, labels, count]) => [`${name} ${labels}`, Number(count)]),
  );
}

/** What was counted since the test began. */
async function counted(): Promise<Readonly<Record<string, number>>> {
  const after = await readCounters(api);
  const added = Array.from(
    after,
    ([name, count]) => [name, count - (before.get(name) ?? 0)] as const,
  );
  return Object.fromEntries(added.filter(([, count]) => count !== 0));
}

describe('OTLP over HTTP', () => {
  test.each(['json', 'protobuf'] as const)(
    'takes what the exporters of OpenTelemetry send in %s',
    async (encoding) => {
      await exportEverything(api.url, encoding, { startAt: now - 2_000, endAt: now - 1_000 });
      const kept = await Promise.all(
        (['traces', 'metrics', 'logs'] as const).map((kind) => linesIn(api.telemetryDir, kind)),
      );
      expect(kept.map((lines) => lines.length > 0)).toEqual([true, true, true]);
      expect(kept.flat().join('')).toContain('GET /items');
      expect(kept.flat().join('')).not.toContain('hunter2');
      const counts = await counted();
      expect(counts).toMatchObject({
        'received signal="traces"': 1,
        'received signal="logs"': 1,
        'changed signal="traces",reason="secret"': 1,
      });
      expect(Object.keys(counts).filter((name) => /^(rejected|refused)/.test(name))).toEqual([]);
    },
  );

  test('takes gzip, and answers in the encoding of the request', async () => {
    const packed = await send(gzipSync(encode('traces', 'protobuf', tracesOf([good]))), {
      packing: 'gzip',
    });
    expect([packed.status, packed.type, packed.reply.length]).toEqual([200, protobuf, 0]);
    const json = await send(encode('logs', 'json', logsOf([logWith({}, now)])), {
      signal: 'logs',
      type: 'application/json; charset=utf-8',
    });
    expect([json.status, json.reply.toString()]).toEqual([200, '{}']);
    expect(await linesIn(api.telemetryDir, 'traces')).toHaveLength(linesBefore + 1);
  });

  test('keeps the good spans of a batch and says what it did not keep, by reason', async () => {
    const spans = [
      good,
      spanWith({ startTimeUnixNano: '1' }, now),
      spanWith({ endTimeUnixNano: nanosAt(86_400, now) }, now),
      spanWith({ endTimeUnixNano: nanosAt(-5, now) }, now),
      spanWith({ name: 'nul\0' }, now),
    ];
    const { status, reply } = await send(encode('traces', 'json', tracesOf(spans)), {
      type: 'application/json',
    });
    expect(status).toBe(200);
    expect(JSON.parse(reply.toString())).toEqual({
      partialSuccess: {
        rejectedSpans: '4',
        errorMessage: '4 spans not kept: 1 too-old, 1 in-future, 1 negative-duration, 1 nul-byte',
      },
    });
    expect(await counted()).toEqual({
      'received signal="traces"': 1,
      'rejected signal="traces",reason="too-old"': 1,
      'rejected signal="traces",reason="in-future"': 1,
      'rejected signal="traces",reason="negative-duration"': 1,
      'rejected signal="traces",reason="nul-byte"': 1,
    });
  });

  test('stops a label that explodes, and takes the other metrics', async () => {
    const points = Array.from({ length: 30_000 }, (_, index) =>
      pointWith({ attributes: [attribute('user', `u${index}`)] }, now),
    );
    const metrics = [
      { name: 'exploding', gauge: { dataPoints: points } },
      { name: 'sound', gauge: { dataPoints: [pointWith({}, now)] } },
    ];
    const { status } = await send(encode('metrics', 'protobuf', metricsOf(metrics)), {
      signal: 'metrics',
    });
    expect(status).toBe(200);
    expect(await counted()).toEqual({
      'received signal="metrics"': 10_001,
      'rejected signal="metrics",reason="too-many-series"': 20_000,
    });
    expect((await linesIn(api.telemetryDir, 'metrics')).join('')).toContain('"sound"');
  });
});

describe('an export request that cannot be taken', () => {
  const zeros = Buffer.alloc(50 * 1_048_576);
  const body = encode('traces', 'protobuf', tracesOf([good]));

  test.each<readonly [string, Buffer, Sent, number, string]>([
    ['is no protobuf', Buffer.from([0x0a, 0xff, 0xff]), {}, 400, 'invalid.otlp'],
    ['is cut off', body.subarray(0, 40), {}, 400, 'invalid.otlp'],
    ['is no JSON', Buffer.from('{'), { type: 'application/json' }, 400, 'invalid.otlp'],
    ['is no gzip', body, { packing: 'gzip' }, 400, 'invalid.otlp'],
    ['is a gzip cut off', gzipSync(body).subarray(0, 50), { packing: 'gzip' }, 400, 'invalid.otlp'],
    ['is a gzip bomb', gzipSync(zeros), { packing: 'gzip' }, 413, 'invalid.body-too-large'],
    ['is of 50 MB', zeros, {}, 413, 'invalid.body-too-large'],
    ['is text', body, { type: 'text/plain' }, 415, 'invalid.content-type'],
    ['is packed otherwise', body, { packing: 'br' }, 415, 'invalid.content-type'],
  ])(
    'because it %s is answered with a Status, counted, and nothing else suffers',
    async (_why, sent, as, status, code) => {
      const [answered] = await Promise.all([
        send(sent, as),
        request(api.server).get('/health').expect(200),
      ]);
      expect(answered.status).toBe(status);
      const isProtobuf = answered.type === protobuf;
      const says = isProtobuf ? statusOf(answered.reply) : JSON.parse(answered.reply.toString());
      expect(says).toMatchObject({ message: expect.stringContaining(code) });
      expect(isProtobuf).toBe((as.type ?? protobuf) === protobuf);
      expect(await counted()).toEqual({ [`refused code="${code}"`]: 1 });
      expect((await send(body)).status).toBe(200);
      expect(await linesIn(api.telemetryDir, 'traces')).toHaveLength(linesBefore + 1);
    },
  );

  test('is told when to come again while more is on its way in than can be held', async () => {
    const held = Array.from({ length: 4 }, () => holdUpload(api.url, 7_500_000));
    await waitUntil('the other uploads fill what can be held', async () => {
      const { status, answer } = await send(Buffer.alloc(4_000_000));
      expect([400, 503]).toContain(status);
      return status === 503 && answer.headers.get('retry-after') === '1';
    });
    for (const upload of held) upload.destroy();
    await waitUntil('they are gone', async () => (await send(body)).status === 200);
    expect(Object.keys(await counted())).toContain('refused code="unavailable.ingest"');
  });

  test('is told to come again when the disk refuses', async () => {
    const full = await startTestApi();
    await writeFile(full.telemetryDir, 'a file where the folder should be');
    const { status, reply, answer } = await send(body, { to: full });
    expect([status, answer.headers.get('retry-after')]).toEqual([503, '1']);
    expect(statusOf(reply)).toMatchObject({ code: 14 });
    expect(full.log()).toContain('telemetry was refused');
    await full.close();
  });

  test('on a path of OTLP that is none is a Status too', async () => {
    const { body: says } = await request(api.server).post('/v1/profiles').expect(404);
    expect(says).toMatchObject({ code: 5, message: expect.stringContaining('not-found.route') });
  });

  test('from a foreign page is refused', async () => {
    const posted = request(api.server).post('/v1/traces').set('Content-Type', 'application/json');
    const { body: says } = await posted.set('Origin', 'https://evil.example').send({}).expect(403);
    expect(says).toMatchObject({ code: 7, message: expect.stringContaining('forbidden.host') });
  });
});

describe('OTLP beyond loopback', () => {
  test('needs the token of a person', async () => {
    const wide = await startTestApi({ config: { host: '0.0.0.0' } });
    const post = () =>
      request(wide.server).post('/v1/logs').set('Content-Type', 'application/json');
    expect((await post().send('{}').expect(401)).body).toMatchObject({ code: 16 });
    await post().set('Authorization', `Bearer ${token}`).send('{}').expect(200);
    await wide.close();
  });
});

/** Begins an upload, sends `bytes` of it and no end. */
function holdUpload(url: string, bytes: number): ClientRequest {
  const upload = openRequest(`${url}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': protobuf },
  });
  upload.on('error', () => undefined);
  upload.write(Buffer.alloc(bytes));
  return upload;
}
