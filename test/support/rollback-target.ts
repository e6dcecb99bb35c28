import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A service that rolls back when asked, honours idempotency keys, counts effects, and can keep a caller waiting. */
export interface Target {
  readonly url: string;
  readonly token: string;
  withhold(): void;
  /** Answers everyone who was kept waiting, and everyone from now on. */
  answer(): void;
  isWithholding(): boolean;
  effects(): number;
  requests(): number;
  close(): Promise<void>;
}

export async function startTarget(): Promise<Target> {
  const token = 'token-of-the-target';
  const answers = new Map<string, string>();
  const waiting: ServerResponse[] = [];
  let revision = 'checkout-r119';
  let isWithholding = false;
  let effects = 0;
  let requests = 0;
  const server: Server = createServer((request, response) => {
    const key = String(request.headers['idempotency-key'] ?? '');
    if (request.method === 'GET') {
      const action = /^\/ops\/actions\/(.+)$/.exec(request.url ?? '')?.[1];
      if (action !== undefined) {
        const known = answers.get(action);
        return send(response, known === undefined ? 404 : 200, known ?? '{}');
      }
      return send(
        response,
        200,
        JSON.stringify({ service: 'checkout', revision, previousRevision: 'checkout-r118' }),
      );
    }
    request.resume().on('end', () => {
      requests += 1;
      if (!answers.has(key)) {
        effects += 1;
        revision = 'checkout-r118';
        answers.set(key, JSON.stringify({ key, state: 'applied' }));
      }
      if (isWithholding) waiting.push(response);
      else send(response, 200, answers.get(key) ?? '{}');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    token,
    withhold: () => {
      isWithholding = true;
      revision = 'checkout-r119';
    },
    answer: () => {
      isWithholding = false;
      for (const response of waiting.splice(0)) send(response, 200, '{"state":"applied"}');
    },
    isWithholding: () => waiting.length > 0,
    effects: () => effects,
    requests: () => requests,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function send(response: ServerResponse, status: number, body: string): void {
  if (response.destroyed) return;
  response.writeHead(status, { 'content-type': 'application/json' }).end(body);
}
