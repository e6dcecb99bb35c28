import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { AppError, isAppError, isErrorCode } from '../core/errors.ts';
import {
  evidenceSchema,
  evidenceSummarySchema,
  type Evidence,
  type EvidenceSummary,
} from '../core/schemas/evidence.ts';
import { actionSchema, type Action, type DecisionRequest } from '../core/schemas/action.ts';
import {
  investigationPageSchema,
  investigationSchema,
  type Investigation,
  type InvestigationPage,
  type InvestigationRequest,
} from '../core/schemas/investigation.ts';
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
  start(request: InvestigationRequest): Promise<Started>;
  /** The newest, of one status or of all. */
  list(query: { readonly limit: number; readonly status?: string }): Promise<InvestigationPage>;
  investigation(id: string): Promise<Investigation>;
  /** Asks it to end; it still writes a report. */
  cancel(id: string): Promise<Investigation>;
  /** Rejects with `not-found.report` before it exists. */
  report(id: string): Promise<Report>;
  /** Where each piece of evidence comes from, in the order taken. */
  evidence(id: string): Promise<readonly EvidenceSummary[]>;
  /** One piece of it, with what was seen. */
  pieceOfEvidence(id: string, evidenceId: string): Promise<Evidence>;
  action(actionId: string): Promise<Action>;
  decide(actionId: string, decision: DecisionRequest): Promise<unknown>;
  /** Asks for a code that lets a page decide as the person whose token this is; null without a token, or where the API gives none. */
  sessionCode(): Promise<string | null>;
  /** Asks for anything else and gives the body unchecked. */
  send(method: string, path: string, body?: unknown): Promise<unknown>;
  /** Opens a stream of server-sent events after the event with the given id. */
  stream(path: string, lastEventId: string, signal: AbortSignal): Promise<Response>;
  /** Opens a stream of JSON lines. */
  download(path: string, signal: AbortSignal): Promise<Response>;
}

const deadlineMs = 30_000;
const defaultPatienceMs = 30_000;
const retryMs = 500;
const startedSchema = z.object({
  id: z.string(),
  links: z.object({ self: z.string(), report: z.string(), temporal: z.string() }),
});
/** What the API answers to a start: the id, and where to look. */
export type Started = z.infer<typeof startedSchema>;
const evidenceListSchema = z.object({ evidence: z.array(evidenceSummarySchema) });
const codeSchema = z.object({ code: z.string() });
const problemSchema = z.object({
  code: z.string().optional(),
  title: z.string().optional(),
  detail: z.string().optional(),
});

export function createClient(options: ClientOptions): Client {
  const call = createCall(options);
  const investigations = '/api/v1/investigations';
  const investigation = (id: string): string => `${investigations}/${encodeURIComponent(id)}`;
  const action = (actionId: string): string => `/api/v1/actions/${encodeURIComponent(actionId)}`;
  return {
    url: options.url,
    send: call,
    start: async (request) =>
      startedSchema.parse(
        await call('POST', investigations, request, { 'idempotency-key': randomUUID() }),
      ),
    list: async ({ limit, status }) => {
      const query = new URLSearchParams({ limit: String(limit), ...(status && { status }) });
      return investigationPageSchema.parse(
        await call('GET', `${investigations}?${query.toString()}`),
      );
    },
    investigation: async (id) => investigationSchema.parse(await call('GET', investigation(id))),
    cancel: async (id) =>
      investigationSchema.parse(await call('POST', `${investigation(id)}/cancel`, {})),
    report: async (id) => reportSchema.parse(await call('GET', `${investigation(id)}/report`)),
    evidence: async (id) =>
      evidenceListSchema.parse(await call('GET', `${investigation(id)}/evidence`)).evidence,
    pieceOfEvidence: async (id, evidenceId) =>
      evidenceSchema.parse(await call('GET', `${investigation(id)}/evidence/${evidenceId}`)),
    action: async (actionId) => actionSchema.parse(await call('GET', action(actionId))),
    decide: (actionId, decision) => call('POST', `${action(actionId)}/decision`, decision),
    sessionCode: async () => {
      if (options.token === null) return null;
      // An API that gives no code is one on whose page nobody decides.
      const answer = await call('POST', '/api/v1/session/codes', {}).catch(() => null);
      return codeSchema.safeParse(answer).data?.code ?? null;
    },
    stream: (path, lastEventId, signal) => {
      const resume: Readonly<Record<string, string>> =
        lastEventId === '' ? {} : { 'last-event-id': lastEventId };
      return openStream(options, path, { accept: 'text/event-stream', ...resume }, signal);
    },
    download: (path, signal) =>
      openStream(options, path, { accept: 'application/x-ndjson' }, signal),
  };
}

async function openStream(
  options: ClientOptions,
  path: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<Response> {
  const response = await fetch(new URL(path, options.url), {
    headers: { ...baseHeaders(options), ...headers },
    signal,
  }).catch((error: unknown) => {
    throw unreachable(options.url, error);
  });
  if (!response.ok) throw await problemOf(response, `GET ${path}`);
  return response;
}

type Call = (
  method: string,
  path: string,
  body?: unknown,
  headers?: Readonly<Record<string, string>>,
) => Promise<unknown>;

/** Makes the function that asks and gives the JSON answered. It asks again while the API is away, where asking twice does no harm. */
function createCall(options: ClientOptions): Call {
  const { url, patienceMs = defaultPatienceMs } = options;
  return async (method, path, body, headers = {}) => {
    const isRepeatable = method === 'GET' || 'idempotency-key' in headers;
    const content = body === undefined ? {} : { body: JSON.stringify(body) };
    const type = body === undefined ? {} : { 'content-type': 'application/json' };
    const until = performance.now() + patienceMs;
    for (;;) {
      try {
        const response = await fetch(new URL(path, url), {
          method,
          headers: { ...baseHeaders(options), accept: 'application/json', ...type, ...headers },
          ...content,
          signal: AbortSignal.timeout(deadlineMs),
        });
        if (!response.ok) throw await problemOf(response, `${method} ${path}`);
        return await response.json();
      } catch (error) {
        const failure = isAppError(error) ? error : unreachable(url, error);
        const isAway = failure.code.startsWith('unavailable.');
        if (!isAway || !isRepeatable || performance.now() > until) throw failure;
        await pause(retryMs);
      }
    }
  };
}

function baseHeaders({ token }: ClientOptions): Readonly<Record<string, string>> {
  return {
    'user-agent': 'holdfast-cli',
    ...(token === null ? {} : { authorization: `Bearer ${token}` }),
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
