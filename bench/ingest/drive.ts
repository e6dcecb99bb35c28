import { Agent, request } from 'node:http';

/** What was sent, and how long it took. */
export interface Driven {
  readonly batches: number;
  readonly refused: number;
  readonly seconds: number;
}

/** Sends batches one after the other over some connections for `forMs`, at most `perSecond` of them in all where that is said. */
export async function drive(options: {
  readonly port: number;
  readonly path: string;
  readonly batches: readonly Buffer[];
  readonly connections: number;
  readonly forMs: number;
  readonly perSecond?: number;
  /** Ends it before its time. */
  readonly signal?: AbortSignal;
}): Promise<Driven> {
  const { port, path, batches, connections, forMs, perSecond = Infinity, signal } = options;
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const beganAt = performance.now();
  let sent = 0;
  let refused = 0;
  const isOver = (): boolean => performance.now() - beganAt >= forMs || signal?.aborted === true;
  const sendOneAfterTheOther = async (): Promise<void> => {
    while (!isOver()) {
      const dueAt = beganAt + (sent * 1_000) / perSecond;
      const body = batches[sent % batches.length] ?? Buffer.alloc(0);
      sent += 1;
      const waitMs = dueAt - performance.now();
      if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
      if ((await post({ agent, port, path }, body)) !== 200) refused += 1;
    }
  };
  await Promise.all(Array.from({ length: connections }, sendOneAfterTheOther));
  const seconds = (performance.now() - beganAt) / 1_000;
  agent.destroy();
  return { batches: sent, refused, seconds };
}

function post(
  { agent, port, path }: { readonly agent: Agent; readonly port: number; readonly path: string },
  body: Buffer,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/x-protobuf', 'content-length': body.length };
    const sent = request({ agent, host: '127.0.0.1', port, path, method: 'POST', headers });
    sent.on('error', reject);
    sent.on('response', (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode ?? 0));
    });
    sent.end(body);
  });
}
