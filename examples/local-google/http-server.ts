import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { faultRulesSchema } from './faults.ts';
import type { Fault, Route } from './faults.ts';
import { nameClient } from './grpc-server.ts';
import type { Surroundings } from './grpc-server.ts';
import { invalidArgument, statusOf, toJsonError } from './status.ts';

export interface HttpRequest {
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: unknown;
}

export interface HttpReply {
  readonly status: number;
  readonly body: object;
}

/** One REST method. Throws for a request that is not understood; `fault` is for those that can make it themselves. */
export interface HttpRoute {
  readonly route: Route;
  readonly method: string;
  readonly matches: (path: string) => boolean;
  readonly answer: (request: HttpRequest, fault: Fault | null) => HttpReply | Promise<HttpReply>;
}

const mostBytes = 20_000_000;
const otherShape = { traces: 7, data: 7, rows: 7, jobReference: 7, status: 7 };

/**
 * Makes the HTTP side: the given routes, and those that steer and watch this server: `GET /counts`, `GET /received-traces`, `PUT /faults`. It listens on
 * nothing by itself.
 */
export function createHttpServer(
  routes: readonly HttpRoute[],
  around: Surroundings & { readonly received: readonly unknown[] },
): Server {
  return createServer((request, response) => {
    serve(request, response, routes, around).catch((error: unknown) => {
      send(response, 500, { error: { message: String(error) } });
    });
  });
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  routes: readonly HttpRoute[],
  around: Parameters<typeof createHttpServer>[1],
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://localhost');
  const text = await readBody(request);
  const path = decodeURIComponent(url.pathname);
  if (control(request.method ?? '', path, text, response, around)) return;
  const found = routes.find((one) => one.method === request.method && one.matches(path));
  if (found === undefined) {
    send(response, 404, { error: { code: 404, message: `no ${request.method} ${path} here` } });
    return;
  }
  const client = nameHttpClient(request);
  const count = (bytes: number): void =>
    around.counts.add(found.route, client, { in: Buffer.byteLength(text), out: bytes });
  const fault = around.faults.next(found.route);
  if (fault?.kind === 'hang') {
    count(0);
    return;
  }
  if (fault?.kind === 'malformed') {
    count(sendText(response, 502, '<html><body>502 Bad Gateway</body></html>', 'text/html'));
    return;
  }
  if (fault?.kind === 'slow') await pause(fault.delayMs);
  const failed = fault === null ? null : statusOf(fault, around.projectId);
  if (failed !== null) {
    count(send(response, failed.httpCode, toJsonError(failed)));
    return;
  }
  const { status, body } = await answer(
    found,
    { path, query: url.searchParams, body: parse(request, text) },
    fault,
  );
  if (status === 409) around.counts.add(`${found.route} (duplicate)`, client, { in: 0, out: 0 });
  count(send(response, status, body));
}

async function answer(
  route: HttpRoute,
  request: HttpRequest,
  fault: Fault | null,
): Promise<HttpReply> {
  if (fault?.kind === 'endless-pages') return { status: 200, body: { nextPageToken: 'endless' } };
  if (fault?.kind === 'empty-pages') {
    return { status: 200, body: { nextPageToken: request.query.get('pageToken') ?? '0' } };
  }
  if (fault?.kind === 'other-shape') return { status: 200, body: otherShape };
  try {
    return await route.answer(request, fault);
  } catch (error) {
    const status = invalidArgument(error instanceof Error ? error.message : String(error));
    return { status: status.httpCode, body: toJsonError(status) };
  }
}

/** Answers what steers this server; gives whether it was that. */
function control(
  method: string,
  path: string,
  text: string,
  response: ServerResponse,
  { counts, faults, received }: Parameters<typeof createHttpServer>[1],
): boolean {
  if (method === 'GET' && path === '/counts') send(response, 200, { counts: counts.all() });
  else if (method === 'GET' && path === '/received-traces') {
    send(response, 200, { traces: received });
  } else if (method === 'PUT' && path === '/faults') {
    const rules = faultRulesSchema.safeParse(JSON.parse(text));
    if (rules.success) faults.replace(rules.data);
    send(response, rules.success ? 200 : 400, rules.success ? {} : rules.error.issues);
  } else return false;
  return true;
}

function parse(request: IncomingMessage, text: string): unknown {
  if (text === '') return {};
  return request.headers['content-type']?.includes('x-www-form-urlencoded') === true
    ? Object.fromEntries(new URLSearchParams(text))
    : JSON.parse(text);
}

function nameHttpClient(request: IncomingMessage): string {
  const api = request.headers['x-goog-api-client'];
  const agent = request.headers['user-agent'] ?? 'unknown';
  return typeof api === 'string' && !agent.startsWith('gcloud-node')
    ? nameClient(api)
    : agent.slice(0, 80);
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > mostBytes) throw new Error('the body is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

function send(response: ServerResponse, status: number, body: object): number {
  return sendText(response, status, JSON.stringify(body), 'application/json; charset=utf-8');
}

function sendText(
  response: ServerResponse,
  status: number,
  text: string,
  contentType: string,
): number {
  response.writeHead(status, { 'content-type': contentType }).end(text);
  return Buffer.byteLength(text);
}
