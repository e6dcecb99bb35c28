import { AppError, isAppError } from '../../core/errors.ts';
import type { OpsCall, OpsClient, OpsReply } from '../../core/ports/ops.ts';
import type { OpsService } from './read-services.ts';
import { readReply } from './read-reply.ts';

const defaultTimeoutMs = 5_000;

interface Request {
  readonly method: 'GET' | 'POST';
  readonly call: OpsCall;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/**
 * Makes the client of `/ops/*` endpoints: registered services only, bearer token, no redirects, 5 s for the whole exchange (`timeoutMs`), replies of
 * at most 256 KB. Tokens appear in no error and no reply. Besides what the port says it rejects with `invalid.tool-input` for a path that does not stay
 * under `/ops/`.
 */
export function createOpsClient(options: {
  readonly services: readonly OpsService[];
  readonly timeoutMs?: number;
}): OpsClient {
  const { services, timeoutMs = defaultTimeoutMs } = options;
  const byName = new Map(services.map((service) => [service.name, service]));

  function find(name: string): OpsService {
    const service = byName.get(name);
    if (service !== undefined) return service;
    const known = [...byName.keys()].slice(0, 20).join(', ');
    throw new AppError(
      'not-found.service',
      `there is no service ${JSON.stringify(name.slice(0, 100))} in the registry; there ${known === '' ? 'is none' : `are ${known}`}`,
    );
  }

  async function send({ method, call, headers, body }: Request): Promise<OpsReply> {
    const service = find(call.service);
    const url = opsUrl(service, call.path);
    const timeout = AbortSignal.timeout(timeoutMs);
    try {
      const response = await fetch(url, {
        method,
        headers: {
          ...headers,
          accept: 'application/json',
          authorization: `Bearer ${service.token}`,
          'user-agent': 'holdfast',
        },
        redirect: 'manual',
        signal: AbortSignal.any([call.signal, timeout]),
        ...(body === undefined ? {} : { body }),
      });
      return await readReply(response, `${method} ${url.href}`, service.token);
    } catch (error) {
      call.signal.throwIfAborted();
      if (isAppError(error)) throw error;
      throw failureOf(error, `${method} ${url.href}`, timeout.aborted ? timeoutMs : null);
    }
  }

  return {
    services: [...byName.keys()],
    urlOf: (service, path) => opsUrl(find(service), path).href,
    get: (call) => send({ method: 'GET', call, headers: {} }),
    post: ({ body, idempotencyKey, ...call }) =>
      send({
        method: 'POST',
        call,
        headers: { 'content-type': 'application/json', 'idempotency-key': idempotencyKey },
        body: JSON.stringify(body),
      }),
  };
}

/** Joins the base of a service and a path, and makes sure that what comes out is still that service's and under `/ops/`. */
function opsUrl(service: OpsService, path: string): URL {
  const base = new URL(service.url);
  const prefix = base.pathname.replace(/\/+$/, '');
  const isPlain = /^\/ops\/[!-~]{1,500}$/.test(path) && !/[\\#@]|%2e|%2f|%5c|\/\//i.test(path);
  const url = isPlain ? new URL(`${base.origin}${prefix}${path}`) : null;
  if (url?.origin === base.origin && url.pathname.startsWith(`${prefix}/ops/`)) return url;
  throw new AppError(
    'invalid.tool-input',
    `${JSON.stringify(path.slice(0, 200))} is no path under /ops/ of ${service.name}`,
  );
}

/** Says what broke without quoting it: what the runtime reports may hold headers. */
function failureOf(error: unknown, what: string, timeoutMs: number | null): AppError {
  if (timeoutMs !== null) {
    return new AppError('timeout.backend', `${what} was not answered within ${timeoutMs} ms`);
  }
  const code = codeOf(error) ?? codeOf(causeOf(error)) ?? 'the connection broke';
  return new AppError('unavailable.backend', `${what} was not answered: ${code}`);
}

function causeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'cause' in error ? error.cause : undefined;
}

function codeOf(error: unknown): string | null {
  if (typeof error !== 'object' || error === null || !('code' in error)) return null;
  return typeof error.code === 'string' && /^[A-Z0-9_]{1,40}$/.test(error.code) ? error.code : null;
}
