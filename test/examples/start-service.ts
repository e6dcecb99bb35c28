import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { builtFile } from '../support/built-product.ts';

interface OpsRequest {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A shop service running alone, as the demo runs its rollback target. */
export interface RunningService {
  readonly url: string;
  /** The bearer token of its operator endpoints. */
  readonly token: string;
  /** Sends a request below `/ops` with the right token, unless `headers` say otherwise. */
  readonly ops: (path: string, request?: OpsRequest) => Promise<Response>;
  readonly kill: () => Promise<void>;
}

const opsToken = 'token-of-the-test';

/** Starts a service process and resolves once it listens. */
export async function startService(args: readonly string[]): Promise<RunningService> {
  const child = spawn(
    process.execPath,
    [builtFile('examples/shop/service'), '--ops-token', opsToken, ...args],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const [line] = (await once(createInterface(child.stdout), 'line', {
    signal: AbortSignal.timeout(30_000),
  })) as [string];
  const { port } = JSON.parse(line) as { port: number };
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    token: opsToken,
    ops: (path, request = {}) =>
      fetch(`${url}/ops${path}`, {
        ...request,
        headers: { authorization: `Bearer ${opsToken}`, ...request.headers },
      }),
    kill: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
    },
  };
}
