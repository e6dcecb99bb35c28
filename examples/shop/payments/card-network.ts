import http from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * The card network behind payments: somebody else's system, so it reports nothing about itself. Answers after a
 * log-normal time with a slow tail, refuses a few messages, declines a few cards. Its parent may tell it to be busy.
 */
export interface CardNetworkLoad {
  /** Added to every answer, plus up to as much jitter again. */
  readonly extraMs: number;
  readonly jitterMs: number;
}

const medianMs = 70;
const spread = 0.25;
const slowTailShare = 0.015;
const slowTailFactor = 5;
const refusedShare = 0.012;
const refusedSettlementShare = 0.15;
const declinedShare = 0.025;

function standardNormal(): number {
  return Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random());
}

function answerTimeMs(load: CardNetworkLoad): number {
  const usualMs = medianMs * Math.exp(spread * standardNormal());
  const ownMs = Math.random() < slowTailShare ? usualMs * slowTailFactor : usualMs;
  return ownMs + load.extraMs + load.jitterMs * Math.random();
}

function answerStatus(path: string): number {
  if (path === '/settlements') return Math.random() < refusedSettlementShare ? 503 : 200;
  if (Math.random() < refusedShare) return 503;
  return path === '/authorisations' && Math.random() < declinedShare ? 402 : 200;
}

function serve(): void {
  let load: CardNetworkLoad = { extraMs: 0, jitterMs: 0 };
  const server = http.createServer((request, response) => {
    request.resume().on('end', () => {
      setTimeout(() => {
        response.writeHead(answerStatus(request.url ?? '/'), {
          'content-type': 'application/json',
        });
        response.end('{}');
      }, answerTimeMs(load));
    });
  });
  process.on('disconnect', () => process.exit(0));
  process.on('message', (message) => {
    const { id, ...next } = message as CardNetworkLoad & { readonly id: number };
    load = next;
    process.send?.({ id });
  });
  server.listen(0, '127.0.0.1', () => {
    process.send?.({ ready: true, port: (server.address() as AddressInfo).port });
  });
}

serve();
