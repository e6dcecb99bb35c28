import type { Server } from 'node:http';
import { AppError } from '../core/errors.ts';

const tries = 20;

/**
 * Listens on `port` or, if that is taken, on the first free one of the 20 that follow; 0 takes any. Gives the URL. Rejects with `invalid.config` when there is
 * no free one, or nobody may listen there.
 */
export async function listen(
  server: Server,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<string> {
  const name = host.replace(/^\[(.*)\]$/, '$1');
  const last = port === 0 ? 0 : Math.min(port + tries, 65_535);
  for (let candidate = port; ; candidate += 1) {
    try {
      const taken = await listenOn(server, name, candidate);
      return `http://${name.includes(':') ? `[${name}]` : name}:${taken}`;
    } catch (error) {
      if (codeOf(error) === 'EADDRINUSE' && candidate < last) continue;
      throw new AppError(
        'invalid.config',
        `the API cannot listen on ${name}, ports ${port} to ${candidate} (HOLDFAST_HOST, HOLDFAST_PORT): ${codeOf(error)}`,
        { cause: error },
      );
    }
  }
}

/** Listens on this port alone; rejects with the error of the operating system. */
export function listenOn(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port }, () => {
      server.off('error', reject);
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

/** The code of an error of the operating system. */
export function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error
    ? String(error.code)
    : String(error);
}
