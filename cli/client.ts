import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { AppError, isErrorCode } from '../core/errors.ts';
import { actionSchema, type Action, type DecisionRequest } from '../core/schemas/action.ts';
import { investigationSchema, type InvestigationRequest } from '../core/schemas/investigation.ts';
import type { Investigation } from '../core/schemas/investigation.ts';
import { reportSchema, type Report } from '../core/schemas/report.ts';
import { z } from '../core/schemas/z.ts';

export interface ClientOptions {
  readonly url: string;
  /** Bearer token; most routes work without one on loopback. */
  readonly token: string | null;
  /** How long an API that is away is asked again. */
  readonly patienceMs?: number;
}

/** The API as the CLI uses it. Every method rejects with the `AppError` that a problem response names, or `unavailable.api`. */
export interface Client {
  readonly url: string;
  start(request: InvestigationRequest): Promise<Investigation>;
  investigation(id: string): Promise<Investigation>;
  /** Rejects with `not-found.report` before it exists. */
  report(id: string): Promise<Report>;
  action(actionId: string): Promise<Action>;
  decide(actionId: string, decision: DecisionRequest): Promise<unknown>;
  /** Asks for anything else and gives the body unchecked. */
  send(method: 'GET' | 'POST', path: string, body?: unknown): Promise<unknown>;
  /** Opens a stream of server-sent events after the event with the given id. */
  stream(path: string, lastEventId: string, signal: AbortSignal): Promise<Response>;
}

const deadlineMs = 30_000;
const defaultPatienceMs = 30_000;
const retryMs = 500;
const problemSchema = z.object({
  code: z.string().optional(),
  title: z.string().optional(),
  detail: z.string().optional(),
});

export function createClient(options: ClientOptions): Client {
  const { url, token, patienceMs = defaultPatienceMs } = options;
  const base: Readonly<Record<string, string>> = {
    'user-agent': 'holdfast-cli',
    ...(token === null ? {} : { authorization: `Bearer ${token}` }),
  };

  async function call(
    method: string,
    path: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<unknown> {
    const isRepeatable = method === 'GET' || 'idempotency-key' in headers;
    const until = performance.now() + patienceMs;
    for (;;) {
      try {
        const response = await fetch(new URL(path, url), {
          method,
          headers: {
            ...base,
            accept: 'application/json',
            ...headers,
            ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
          signal: AbortSignal.timeout(deadlineMs),
        });
        if (!response.ok) throw await problemOf(response, `${method} ${path}`);
        return await response.json();
      } catch (error) {
        const failure = error instanceof AppError ? error : unreachable(url, error);
        const isAway = failure.code.startsWith('unavailable.');
        if (!isAway || !isRepeatable || performance.now() > until) throw failure;
        await pause(retryMs);
      }
    }
  }

  const investigations = '/api/v1/investigations';
  return {
    url,
    send: call,
    start: async (request) =>
      investigationSchema.parse(
        await call('POST', investigations, request, { 'idempotency-key': randomUUID() }),
      ),
    investigation: async (id) =>
      investigationSchema.parse(await call('GET', `${investigations}/${encodeURIComponent(id)}`)),
    report: async (id) =>
      reportSchema.parse(await call('GET', `${investigations}/${encodeURIComponent(id)}/report`)),
    action: async (actionId) =>
      actionSchema.parse(await call('GET', `/api/v1/actions/${encodeURIComponent(actionId)}`)),
    decide: (actionId, decision) =>
      call('POST', `/api/v1/actions/${encodeURIComponent(actionId)}/decision`, decision),
    stream: async (path, lastEventId, signal) => {
      const response = await fetch(new URL(path, url), {
        headers: {
          ...base,
          accept: 'text/event-stream',
          ...(lastEventId === '' ? {} : { 'last-event-id': lastEventId }),
        },
        signal,
      }).catch((error: unknown) => {
        throw unreachable(url, error);
      });
      if (!response.ok) throw await problemOf(response, `GET ${path}`);
      return response;
    },
  };
}

/** Turns a problem response (RFC 9457) into the error that it names. */
async function problemOf(response: Response, what: string): Promise<AppError> {
  const parsed = problemSchema.safeParse(await response.json().catch(() => ({})));
  const { code = '', title, detail } = parsed.success ? parsed.data : {};
  const message = detail ?? title ?? `${what} was answered with ${response.status}`;
  if (isErrorCode(code)) return new AppError(code, message);
  return new AppError(
    response.status >= 500 ? 'unavailable.api' : 'invalid.request',
    `${what} was answered with ${response.status}: ${message}`,
  );
}

function unreachable(url: string, cause: unknown): AppError {
  return new AppError('unavailable.api', `${url} does not answer`, { cause });
}
