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
const hiccupEveryMs = 70_000;
const hiccupMs = 220;

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

/** Short moments in which the network turns everything away, so that sending again at once does not help. */
function createHiccups(): () => boolean {
  const drawPauseMs = (): number => -Math.log(1 - Math.random()) * hiccupEveryMs;
  let startsAtMs = performance.now() + drawPauseMs();
  return () => {
    const sinceMs = performance.now() - startsAtMs;
    if (sinceMs > hiccupMs) startsAtMs = performance.now() + drawPauseMs();
    return sinceMs >= 0 && sinceMs <= hiccupMs;
  };
}

function serve(): void {
  const isHiccup = createHiccups();
  let load: CardNetworkLoad = { extraMs: 0, jitterMs: 0 };
  const server = http.createServer((request, response) => {
    const hasHiccup = isHiccup();
    request.resume().on('end', () => {
      const status = hasHiccup ? 503 : answerStatus(request.url ?? '/');
      setTimeout(
        () => response.writeHead(status, { 'content-type': 'application/json' }).end('{}'),
        hasHiccup ? 5 : answerTimeMs(load),
      );
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
