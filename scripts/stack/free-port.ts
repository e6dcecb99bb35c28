import { createServer } from 'node:net';

const triedInARow = 20;

/**
 * Gives a port of 127.0.0.1 that nobody listens on: `preferred`, else one of the 20 after it, else any. Ports in `taken` are passed over: the
 * answer is not reserved, so who asks for several names those it was given.
 */
export async function freePort(preferred: number, taken: readonly number[] = []): Promise<number> {
  for (let port = preferred; port <= preferred + triedInARow && port < 65_536; port++) {
    if (!taken.includes(port) && (await listenOnce(port)) !== null) return port;
  }
  const any = await listenOnce(0);
  if (any === null || taken.includes(any)) return freePort(preferred + triedInARow, taken);
  return any;
}

function listenOnce(port: number): Promise<number | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(null));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      const address = server.address();
      const bound = typeof address === 'object' && address !== null ? address.port : null;
      server.close(() => resolve(bound));
    });
  });
}
