import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

/**
 * What may be wrong with a network: every piece comes late; connections are reset, new ones too; or nothing comes through any more while every connection
 * looks open, and those that were so stay so.
 */
export type NetworkFault =
  | { readonly kind: 'none' }
  | { readonly kind: 'latency'; readonly ms: number }
  | { readonly kind: 'reset' }
  | { readonly kind: 'half-open' };

/** A relay on loopback between two of our processes, whose network can be broken. */
export interface FaultyProxy {
  readonly port: number;
  set(fault: NetworkFault): void;
  /** Connections taken so far. */
  connections(): number;
  close(): Promise<void>;
}

interface Pair {
  readonly near: Socket;
  readonly far: Socket;
  isDead: boolean;
}

/** Starts a relay to a port of loopback. */
export async function startFaultyProxy(targetPort: number): Promise<FaultyProxy> {
  let fault: NetworkFault = { kind: 'none' };
  let taken = 0;
  const pairs = new Set<Pair>();

  const relay = (pair: Pair, from: Socket, to: Socket): void => {
    from.on('data', (piece: Buffer) => {
      if (pair.isDead) return;
      if (fault.kind === 'latency') setTimeout(() => to.writable && to.write(piece), fault.ms);
      else to.write(piece);
    });
    from.on('error', () => undefined);
    from.on('close', () => {
      if (pair.isDead) return; // the other end is not told
      pairs.delete(pair);
      to.destroy();
    });
  };

  const server = createServer((near) => {
    taken += 1;
    if (fault.kind === 'reset') {
      near.on('error', () => undefined);
      near.resetAndDestroy();
      return;
    }
    const far = connect(targetPort, '127.0.0.1');
    const pair: Pair = { near, far, isDead: fault.kind === 'half-open' };
    pairs.add(pair);
    relay(pair, near, far);
    relay(pair, far, near);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  const destroyAll = (how: (socket: Socket) => void): void => {
    for (const { near, far } of pairs) {
      how(near);
      how(far);
    }
    pairs.clear();
  };
  return {
    port: (server.address() as AddressInfo).port,
    connections: () => taken,
    set: (next) => {
      fault = next;
      if (next.kind === 'half-open') for (const pair of pairs) pair.isDead = true;
      if (next.kind === 'reset') destroyAll((socket) => socket.resetAndDestroy());
    },
    close: async () => {
      destroyAll((socket) => socket.destroy());
      server.close();
      await once(server, 'close');
    },
  };
}
