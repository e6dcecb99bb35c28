import http from 'node:http';
import type { AddressInfo } from 'node:net';

/** One OTLP export request as it arrived, and when. */
export interface Export {
  readonly signal: 'traces' | 'metrics' | 'logs';
  readonly body: string;
}

/** A small OTLP/HTTP receiver for JSON bodies that keeps everything in memory. */
export interface Collector {
  readonly url: string;
  readonly exports: () => readonly Export[];
  readonly stop: () => Promise<void>;
}

const maxBodyBytes = 16 * 1_024 * 1_024;
const signals = ['traces', 'metrics', 'logs'] as const;

function readBody(request: http.IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > maxBodyBytes) request.destroy(new Error('export request is too large'));
      chunks.push(chunk);
    });
    request.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
    request.on('error', reject);
  });
}

/** Starts the receiver on a free port of the loopback interface. */
export async function startCollector(): Promise<Collector> {
  const received: Export[] = [];
  const server = http.createServer((request, response) => {
    const signal = signals.find((known) => request.url === `/v1/${known}`);
    if (signal === undefined || request.method !== 'POST') {
      response.writeHead(404).end();
      return;
    }
    readBody(request).then(
      (body) => {
        received.push({ signal, body });
        response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
      },
      () => response.writeHead(400).end(),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    exports: () => received,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
