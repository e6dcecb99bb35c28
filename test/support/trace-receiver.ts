import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { decodeRequest } from '../../integrations/otlp/decode-request.ts';
import type { Fields, OtlpEncoding } from '../../integrations/otlp/signals.ts';

/** A span as it came in, with ids as hexadecimal digits; service and resource are known of OTLP only. */
export interface ReceivedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | null;
  readonly name: string;
  readonly service: string;
  readonly resource: Readonly<Record<string, unknown>>;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** A server that takes spans as an OTLP collector does, and as Cloud Trace does. */
export interface TraceReceiver {
  readonly url: string;
  /** By OTLP. */
  readonly spans: () => readonly ReceivedSpan[];
  /** By `PATCH /v1/projects/PROJECT/traces`. */
  readonly patched: () => readonly ReceivedSpan[];
  /** Paths that were asked for, with their methods. */
  readonly requests: () => readonly string[];
  close(): Promise<void>;
}

export async function startTraceReceiver(): Promise<TraceReceiver> {
  const spans: ReceivedSpan[] = [];
  const patched: ReceivedSpan[] = [];
  const requests: string[] = [];
  const server = createServer((request, response) => {
    const asked = `${request.method} ${request.url}`;
    requests.push(asked);
    void bodyOf(request).then((body) => {
      const encoding = request.headers['content-type'] === json ? 'json' : 'protobuf';
      if (asked === 'POST /v1/traces') spans.push(...spansOf(encoding, body));
      else if (/^PATCH \/v1\/projects\/[^/]+\/traces$/.test(asked)) patched.push(...traceOf(body));
      else response.statusCode = 404;
      response.setHeader('content-type', json);
      response.end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    spans: () => spans,
    patched: () => patched,
    requests: () => requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** A tree as lines: each span under its parent, siblings by name; those whose parent did not come stand at the left. */
export function drawTree(spans: readonly ReceivedSpan[]): readonly string[] {
  const known = new Set(spans.map(({ spanId }) => spanId));
  const under = (parent: string | null, depth: number): readonly string[] =>
    spans
      .filter(({ parentSpanId: id }) =>
        parent === null ? id === null || !known.has(id) : id === parent,
      )
      .toSorted((one, other) => one.name.localeCompare(other.name))
      .flatMap(({ name, spanId }) => ['  '.repeat(depth) + name, ...under(spanId, depth + 1)]);
  return under(null, 0);
}

const json = 'application/json';

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function spansOf(encoding: OtlpEncoding, body: Buffer): readonly ReceivedSpan[] {
  return decodeRequest('traces', encoding, body).flatMap(({ resource, scopes }) => {
    const process = attributesOf(resource);
    return scopes
      .flatMap(({ items }) => items)
      .map((span) => ({
        traceId: hex(span['traceId']),
        spanId: hex(span['spanId']),
        parentSpanId: hex(span['parentSpanId']) || null,
        name: String(span['name']),
        service: String(process['service.name']),
        resource: process,
        attributes: attributesOf(span),
      }));
  });
}

function attributesOf(message: Fields): Readonly<Record<string, unknown>> {
  const list = (message['attributes'] ?? []) as readonly { key: string; value: Fields }[];
  return Object.fromEntries(list.map(({ key, value }) => [key, plain(value)]));
}

function plain(value: Fields): unknown {
  const [kind, inner] = Object.entries(value)[0] ?? [];
  if (kind === 'intValue') return Number(inner);
  if (kind !== 'arrayValue') return inner;
  return ((inner as Fields)['values'] as readonly Fields[]).map(plain);
}

/** In JSON they are written as digits already. */
function hex(id: unknown): string {
  if (id instanceof Uint8Array) return Buffer.from(id).toString('hex');
  return typeof id === 'string' ? id : '';
}

interface PatchedTraces {
  readonly traces: readonly {
    readonly traceId: string;
    readonly spans: readonly {
      readonly spanId: string;
      readonly parentSpanId: string;
      readonly name: string;
      readonly labels: Readonly<Record<string, string>>;
    }[];
  }[];
}

function traceOf(body: Buffer): readonly ReceivedSpan[] {
  const { traces } = JSON.parse(body.toString('utf8')) as PatchedTraces;
  return traces.flatMap(({ traceId, spans }) =>
    spans.map(({ spanId, parentSpanId, name, labels }) => ({
      traceId,
      spanId: digits(spanId),
      parentSpanId: parentSpanId === '0' ? null : digits(parentSpanId),
      name,
      service: 'unknown',
      resource: {},
      attributes: labels,
    })),
  );
}

const digits = (decimal: string): string => BigInt(decimal).toString(16).padStart(16, '0');
