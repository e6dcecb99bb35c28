import { AppError, isAppError } from '../../core/errors.ts';
import type { ErrorCode } from '../../core/errors.ts';
import { z } from '../../core/schemas/z.ts';
import { statusOfReason } from './older-reasons.ts';

/** What a backend of Google said when it refused, whichever protocol it said it in. */
export interface Refusal {
  /** A name of google.rpc.Code, or `DUPLICATE` and the like where an older API says more. */
  readonly status: string;
  readonly message: string;
  readonly retryAfterMs: number | null;
  /** The permission that is missing, where it is told. */
  readonly permission: string | null;
  /** `SERVICE_DISABLED`, `USER_PROJECT_DENIED` ... where it is told. */
  readonly reason: string | null;
  /** The API that is meant, where it is told. */
  readonly service: string | null;
}

const names = [
  'OK',
  'CANCELLED',
  'UNKNOWN',
  'INVALID_ARGUMENT',
  'DEADLINE_EXCEEDED',
  'NOT_FOUND',
  'ALREADY_EXISTS',
  'PERMISSION_DENIED',
  'RESOURCE_EXHAUSTED',
  'FAILED_PRECONDITION',
  'ABORTED',
  'OUT_OF_RANGE',
  'UNIMPLEMENTED',
  'INTERNAL',
  'UNAVAILABLE',
  'DATA_LOSS',
  'UNAUTHENTICATED',
] as const;

const byHttp: Readonly<Record<number, string>> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  409: 'ALREADY_EXISTS',
  429: 'RESOURCE_EXHAUSTED',
  500: 'INTERNAL',
  502: 'UNAVAILABLE',
  503: 'UNAVAILABLE',
  504: 'DEADLINE_EXCEEDED',
};

const codes: Readonly<Record<string, ErrorCode>> = {
  INVALID_ARGUMENT: 'invalid.query',
  NOT_FOUND: 'not-found.data',
  DEADLINE_EXCEEDED: 'timeout.backend',
  PERMISSION_DENIED: 'forbidden.backend',
  UNAUTHENTICATED: 'forbidden.backend',
  RESOURCE_EXHAUSTED: 'rate-limited.backend',
};

/** Quotas of Google are counted a minute at a time: where no delay is told, a good part of one. */
const usualDelayMs = 20_000;
const longestDelayMs = 120_000;

const detailSchema = z.looseObject({
  retryDelay: z
    .union([
      z.string(),
      z.looseObject({ seconds: z.unknown().optional(), nanos: z.unknown().optional() }),
    ])
    .optional(),
  reason: z.string().optional(),
  metadata: z.record(z.string(), z.string()).optional(),
});

type Detail = z.output<typeof detailSchema>;

const errorSchema = z.looseObject({
  code: z.union([z.number(), z.string()]).optional(),
  message: z.string().optional(),
  details: z.unknown().optional(),
  status: z.union([z.string(), z.number()]).optional(),
  statusDetails: z.array(z.unknown()).optional().catch(undefined),
  reason: z.string().optional(),
  errorInfoMetadata: z.record(z.string(), z.string()).optional(),
  errors: z.array(z.looseObject({ reason: z.string().optional() })).optional(),
  /** The client of BigQuery leaves details in the answer as it came. */
  response: z.looseObject({ body: z.unknown().optional() }).optional().catch(undefined),
});
const answerSchema = z.looseObject({ error: z.looseObject({ details: z.unknown().optional() }) });

/** Reads what was thrown by a client library, or the `error` of a REST answer. */
export function readRefusal(thrown: unknown): Refusal {
  const parsed = errorSchema.safeParse(
    thrown instanceof Error
      ? Object.assign({ message: thrown.message }, Object.fromEntries(Object.entries(thrown)))
      : thrown,
  );
  if (!parsed.success) return unknownRefusal(thrown);
  const { code, message = '', status, reason, errorInfoMetadata, errors } = parsed.data;
  const details = [
    parsed.data.statusDetails,
    parsed.data.details,
    detailsOf(parsed.data.response?.body),
  ]
    .flatMap((list) => (Array.isArray(list) ? (list as readonly unknown[]) : []))
    .flatMap((one): Detail[] => {
      const detail = detailSchema.safeParse(one);
      return detail.success ? [detail.data] : [];
    });
  const said = errors?.find((one) => one.reason !== undefined)?.reason ?? null;
  const info = details.find((one) => one.metadata !== undefined);
  const metadata = errorInfoMetadata ?? info?.metadata ?? {};
  const name = typeof status === 'string' ? status : nameOf(code);
  const retryDelay = details.find((one) => one.retryDelay !== undefined)?.retryDelay;
  return {
    status: said === null ? name : statusOfReason(said, name),
    message: message.slice(0, 300),
    retryAfterMs: retryDelay === undefined ? null : delayOf(retryDelay),
    permission: metadata['permission'] ?? null,
    reason: info?.reason ?? reason ?? said,
    service: metadata['service'] ?? null,
  };
}

function detailsOf(body: unknown): unknown {
  try {
    const answer: unknown = typeof body === 'string' ? JSON.parse(body) : body;
    return answerSchema.safeParse(answer).data?.error.details;
  } catch {
    return undefined; // a gateway answers with HTML
  }
}

function unknownRefusal(thrown: unknown): Refusal {
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return {
    status: 'UNKNOWN',
    message: message.slice(0, 300),
    ...{ retryAfterMs: null, permission: null, reason: null, service: null },
  };
}

/** gRPC counts from 0 to 16, HTTP from 400. */
function nameOf(code: number | string | undefined): string {
  const number = Number(code);
  if (!Number.isInteger(number)) return code === undefined ? 'UNKNOWN' : 'UNAVAILABLE';
  return names[number] ?? byHttp[number] ?? 'UNKNOWN';
}

function delayOf(delay: string | { readonly seconds?: unknown; readonly nanos?: unknown }): number {
  const seconds =
    typeof delay === 'string'
      ? Number.parseFloat(delay)
      : Number(delay.seconds ?? 0) + Number(delay.nanos ?? 0) / 1e9;
  return Number.isFinite(seconds) ? Math.max(0, seconds * 1_000) : usualDelayMs;
}

/**
 * Turns what a backend of Google refused into an error of ours that says what was asked, of whom, and what came back. A used-up quota carries the delay after
 * which to ask again, at most two minutes, as `retryAfterMs`.
 */
export function toAppError(thrown: unknown, asked: string): AppError {
  if (isAppError(thrown)) return thrown;
  const refusal = readRefusal(thrown);
  const { status, message, permission, reason } = refusal;
  const missing = permission === null ? '' : ` (permission ${permission} is missing)`;
  const why = reason === null ? status : `${status}, ${reason}`;
  const code = codes[status] ?? 'unavailable.backend';
  return new AppError(code, `${asked} was refused: ${why}: ${message}${missing}`, {
    cause: thrown,
    details: {
      refusal,
      ...(code === 'rate-limited.backend'
        ? { retryAfterMs: Math.min(longestDelayMs, refusal.retryAfterMs ?? usualDelayMs) }
        : {}),
    },
  });
}
