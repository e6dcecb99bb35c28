/**
 * The registry of errors: one entry a code. Kind decides HTTP status, retry and exit code; `advice` is what a person should do next.
 * `docs/errors.md` has a heading for each code and is tested against this table in both directions.
 */
export type ErrorKind =
  | 'invalid'
  | 'unauthenticated'
  | 'forbidden'
  | 'not-found'
  | 'conflict'
  | 'rate-limited'
  | 'unavailable'
  | 'timeout'
  | 'model-output'
  | 'budget-exceeded'
  | 'unsafe'
  | 'bug';

export interface KindPolicy {
  readonly status: number;
  readonly exitCode: number;
  /** Whether an activity that fails so may be tried again. */
  readonly retry: boolean;
}

export const kindPolicies: Readonly<Record<ErrorKind, KindPolicy>> = {
  invalid: { status: 422, exitCode: 2, retry: false },
  unauthenticated: { status: 401, exitCode: 3, retry: false },
  forbidden: { status: 403, exitCode: 3, retry: false },
  'not-found': { status: 404, exitCode: 4, retry: false },
  conflict: { status: 409, exitCode: 4, retry: false },
  'rate-limited': { status: 429, exitCode: 5, retry: true },
  unavailable: { status: 503, exitCode: 5, retry: true },
  timeout: { status: 504, exitCode: 5, retry: true },
  'model-output': { status: 502, exitCode: 6, retry: true },
  'budget-exceeded': { status: 429, exitCode: 6, retry: false },
  unsafe: { status: 403, exitCode: 7, retry: false },
  bug: { status: 500, exitCode: 70, retry: false },
};

interface Entry {
  readonly kind: ErrorKind;
  readonly advice: string;
  /** Overrides the kind's HTTP status. */
  readonly status?: number;
}

export const errorRegistry = {
  'invalid.request': {
    kind: 'invalid',
    advice: 'Correct the named field and send the request again.',
  },
  'invalid.json': { kind: 'invalid', status: 400, advice: 'Send a body that is well-formed JSON.' },
  'invalid.body-too-large': {
    kind: 'invalid',
    status: 413,
    advice: 'Send a smaller body; the limit is in the message.',
  },
  'invalid.database-version': {
    kind: 'invalid',
    advice: 'Run the newer version of Holdfast, or point DATABASE_URL at another database.',
  },
  'invalid.config': { kind: 'invalid', advice: 'Correct the named setting and start again.' },
  'invalid.case': {
    kind: 'invalid',
    advice: 'Correct the named file, line and field of the case folder.',
  },
  'invalid.case-path': {
    kind: 'invalid',
    advice: 'Name files inside the case folder, without links or "..".',
  },
  'invalid.truth': {
    kind: 'invalid',
    advice: 'Correct the named line and field of truth.csv.',
  },
  'invalid.otlp': {
    kind: 'invalid',
    status: 400,
    advice: 'Send an OTLP export request of the signal that the path names, as protobuf or JSON.',
  },
  'invalid.content-type': {
    kind: 'invalid',
    status: 415,
    advice: 'Send "application/x-protobuf" or "application/json", plain or in gzip.',
  },
  'invalid.slo': { kind: 'invalid', advice: 'Correct the named field of the OpenSLO file.' },
  'invalid.tool-input': {
    kind: 'invalid',
    advice: "Correct the arguments to the tool's input schema.",
  },
  'invalid.query': {
    kind: 'invalid',
    advice: 'Correct the query as the backend says; its language is named in the message.',
  },
  'invalid.model-request': {
    kind: 'invalid',
    advice: 'Correct GEMINI_MODEL: the provider does not know it, or it cannot do what is asked.',
  },
  'invalid.plan': {
    kind: 'invalid',
    advice: 'The proposal cannot be frozen as it stands; see the message.',
  },
  'unauthenticated.token': {
    kind: 'unauthenticated',
    advice: 'Send the token from .holdfast/token as "Authorization: Bearer ...".',
  },
  'unauthenticated.code': {
    kind: 'unauthenticated',
    advice: 'Ask for a fresh link: `holdfast link`. One is good for ten minutes, and for once.',
  },
  'unauthenticated.webhook': {
    kind: 'unauthenticated',
    advice: 'Put the token of HOLDFAST_GCP_WEBHOOK_TOKEN into the URL of the notification channel.',
  },
  'forbidden.host': {
    kind: 'forbidden',
    advice: 'Call the API by a loopback name, or configure tokens to listen more widely.',
  },
  'forbidden.case-path': {
    kind: 'forbidden',
    advice: 'Paths are taken from loopback only; name a case under the configured folders.',
  },
  'forbidden.grant': {
    kind: 'forbidden',
    advice: 'Decide through the API or `holdfast approve`, which sign a grant.',
  },
  'forbidden.backend': {
    kind: 'forbidden',
    advice: 'Grant the permission that the message names; `holdfast doctor` checks them all.',
  },
  'forbidden.model': {
    kind: 'forbidden',
    advice: 'Correct GEMINI_API_KEY, or the role of whom Vertex AI is called as.',
  },
  'not-found.route': { kind: 'not-found', advice: 'See /docs for the routes.' },
  'not-found.investigation': { kind: 'not-found', advice: 'List investigations to find the id.' },
  'not-found.report': {
    kind: 'not-found',
    advice: 'Wait for the report: follow the events, or ask again.',
  },
  'not-found.evidence': { kind: 'not-found', advice: 'Use an evidence id that the report cites.' },
  'not-found.case': {
    kind: 'not-found',
    advice: 'Name a folder under the configured case folders.',
  },
  'not-found.telemetry': {
    kind: 'not-found',
    advice:
      'Send telemetry to Holdfast with OTEL_EXPORTER_OTLP_ENDPOINT, look further back with `since`, or name a case.',
  },
  'not-found.action': { kind: 'not-found', advice: 'Use an action id that the report proposes.' },
  'not-found.data': { kind: 'not-found', advice: 'Look in another window, or at another service.' },
  'not-found.service': { kind: 'not-found', advice: 'Add the service to the service registry.' },
  'conflict.idempotency-key': {
    kind: 'conflict',
    advice: 'Use a new Idempotency-Key for a different request.',
  },
  'conflict.plan-hash': {
    kind: 'conflict',
    advice: 'Read the action again; decide on the hash that it shows now.',
  },
  'conflict.decided': {
    kind: 'conflict',
    advice: 'The action is decided, expired or done; nothing is left to decide.',
  },
  'conflict.ended': { kind: 'conflict', advice: 'The investigation has ended.' },
  'rate-limited.backend': { kind: 'rate-limited', advice: 'Wait as long as the backend says.' },
  'rate-limited.model': {
    kind: 'rate-limited',
    advice: 'The call is repeated when the provider says; raise the quota if this is often.',
  },
  'unavailable.stalled': {
    kind: 'unavailable',
    advice: 'Restart the process; nothing is lost by it.',
  },
  'unavailable.temporal': {
    kind: 'unavailable',
    advice: 'Start Temporal, or correct TEMPORAL_ADDRESS.',
  },
  'unavailable.database': {
    kind: 'unavailable',
    advice: 'Start PostgreSQL, or correct DATABASE_URL.',
  },
  'unavailable.api': { kind: 'unavailable', advice: 'Start the API, or correct HOLDFAST_URL.' },
  'unavailable.backend': {
    kind: 'unavailable',
    advice: 'Look at the backend; the call is repeated a bounded number of times.',
  },
  'unavailable.model': {
    kind: 'unavailable',
    advice: 'Look at the provider; until it answers, the embedded policy decides.',
  },
  'unavailable.ingest': {
    kind: 'unavailable',
    advice: 'Send the same request again after the time in Retry-After; exporters do.',
  },
  'unavailable.install': {
    kind: 'unavailable',
    advice: 'See the message for what could not be installed, and how to provide it.',
  },
  'timeout.backend': { kind: 'timeout', advice: 'Look at the backend, or narrow the query.' },
  'timeout.model': {
    kind: 'timeout',
    advice: 'Raise HOLDFAST_MODEL_TIMEOUT_SECONDS, or take a faster model.',
  },
  'timeout.wait': { kind: 'timeout', advice: 'The investigation goes on; watch it by its id.' },
  'model-output.schema': {
    kind: 'model-output',
    advice: 'The reply was discarded; the embedded policy decides.',
  },
  'budget-exceeded.cap': {
    kind: 'budget-exceeded',
    advice: 'A cap forced the conclusion; raise the budget to look further.',
  },
  'budget-exceeded.query-cost': {
    kind: 'budget-exceeded',
    advice: 'Ask of a shorter window, or raise the most bytes that a query may read.',
  },
  'budget-exceeded.model': {
    kind: 'budget-exceeded',
    advice: 'The embedded policy decides; raise the budget of tokens or money to ask further.',
  },
  'unsafe.denied': { kind: 'unsafe', advice: 'The guard refused; the message says why.' },
  'unsafe.unknown-tool': { kind: 'unsafe', advice: 'Only registered tools may be called.' },
  'bug.invariant': { kind: 'bug', advice: 'Please report this with the investigation id.' },
  'bug.payload-too-large': {
    kind: 'bug',
    advice: 'A payload passed the bound of 64 KB; please report this.',
  },
} as const satisfies Readonly<Record<string, Entry>>;

export type ErrorCode = keyof typeof errorRegistry;

/** The only error class of the product. Recognise it by `code` with `isAppError`, never by `instanceof`: bundles have copies. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(
    code: ErrorCode,
    message: string,
    options: {
      readonly details?: Readonly<Record<string, unknown>>;
      readonly cause?: unknown;
    } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'AppError';
    this.code = code;
    this.details = options.details ?? {};
  }
}

/** Tells whether a thrown value is an `AppError`, of this copy of the module or another. */
export function isAppError(value: unknown): value is AppError {
  return (
    value instanceof Error &&
    'code' in value &&
    typeof value.code === 'string' &&
    isErrorCode(value.code)
  );
}

/** Tells whether a text is a code of the registry. */
export function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(errorRegistry, code);
}

/** Gives what follows from a code: kind, HTTP status, exit code, retry and advice. */
export function errorPolicy(
  code: ErrorCode,
): KindPolicy & { readonly kind: ErrorKind; readonly advice: string } {
  const entry: Entry = errorRegistry[code];
  const policy = kindPolicies[entry.kind];
  return {
    ...policy,
    status: entry.status ?? policy.status,
    kind: entry.kind,
    advice: entry.advice,
  };
}
