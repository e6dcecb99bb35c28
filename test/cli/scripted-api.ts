import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a test wants answered: by method and path, e.g. `GET /api/v1/investigations/inv-1`. */
export type Routes = Readonly<
  Record<string, (request: ReceivedRequest, response: ServerResponse) => void>
>;

export interface ReceivedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: unknown;
}

export interface ScriptedApi {
  readonly url: string;
  readonly received: readonly ReceivedRequest[];
  close(): Promise<void>;
}

/** Serves what a test wrote down, in the shapes of the API, so that the behaviour of its client can be seen in isolation. */
export async function serveScripted(routes: Routes): Promise<ScriptedApi> {
  const received: ReceivedRequest[] = [];
  const server: Server = createServer((request, response) => {
    void readBody(request).then((body) => {
      const { method = '', url = '', headers } = request;
      const one = { method, path: url, headers, body };
      received.push(one);
      const route = routes[`${method} ${url}`];
      if (route !== undefined) route(one, response);
      else if (url === '/health') sendJson(response, 200, { status: 'ok', service: 'holdfast' });
      else sendProblem(response, 404, 'not-found.route', `no ${method} ${url}`);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    received,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

/** A problem response (RFC 9457), as the API makes them. */
export function sendProblem(
  response: ServerResponse,
  status: number,
  code: string,
  detail: string,
): void {
  response
    .writeHead(status, { 'content-type': 'application/problem+json' })
    .end(JSON.stringify({ type: `/docs/errors#${code}`, title: code, status, code, detail }));
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) text += chunk;
  return text === '' ? null : JSON.parse(text);
}
