import { ApiError } from '@google/genai';
import { AppError, isAppError } from '../../core/errors.ts';
import type { ErrorCode } from '../../core/errors.ts';
import { z } from '../../core/schemas/z.ts';

const bodySchema = z.object({
  error: z.object({
    status: z.string().optional(),
    details: z
      .array(z.looseObject({ '@type': z.string().optional(), retryDelay: z.string().optional() }))
      .optional(),
  }),
});

/** How far an exchange came. */
export interface Exchange {
  isSent: boolean;
  answer: Response | null;
}

/** No connection was made: nobody has seen the request. */
const unconnected: ReadonlySet<string | null> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/**
 * Turns what the SDK threw into an error of ours. Bodies of providers, which may be anything, are read for the delay they ask for and are not passed on.
 * Of the last answer its header of delay is read, which the SDK's own errors leave out. `details.mayCost` says of one that broke off underway that the provider may
 * have done, and will charge, the work.
 */
export function toModelError(error: unknown, model: string, exchange: Exchange): AppError {
  if (isAppError(error)) return error;
  if (error instanceof ApiError) {
    const code = codeOf(error.status);
    const retryAfterMs =
      delayOf(error.message) ?? delayOfHeader(exchange.answer?.headers.get('retry-after') ?? null);
    return new AppError(code, `${model} ${wordsOf(code)} (HTTP ${error.status})`, {
      details: {
        status: error.status,
        mayCost: exchange.answer?.ok === true,
        ...(retryAfterMs !== null && { retryAfterMs }),
      },
    });
  }
  const cause = causeOf(error);
  const what =
    cause === null ? 'answered with what cannot be read' : `cannot be reached (${cause})`;
  const { isSent, answer } = exchange;
  const mayCost = isSent && (answer === null ? !unconnected.has(cause) : answer.ok);
  return new AppError('unavailable.model', `${model} ${what}`, { details: { mayCost } });
}

function codeOf(status: number): ErrorCode {
  if (status === 429) return 'rate-limited.model';
  if (status === 401 || status === 403) return 'forbidden.model';
  if (status === 408 || status === 504) return 'timeout.model';
  return status >= 400 && status < 500 ? 'invalid.model-request' : 'unavailable.model';
}

function wordsOf(code: ErrorCode): string {
  switch (code) {
    case 'rate-limited.model':
      return 'is asked too often';
    case 'forbidden.model':
      return 'does not take our credentials';
    case 'invalid.model-request':
      return 'does not take the request';
    case 'timeout.model':
      return 'took too long by its own account';
    default:
      return 'fails';
  }
}

/** The delay that a body of the kind `google.rpc.RetryInfo` asks for, in milliseconds. */
function delayOf(body: string): number | null {
  try {
    const { error } = bodySchema.parse(JSON.parse(body));
    const info = error.details?.find((one) => one['@type']?.endsWith('google.rpc.RetryInfo'));
    const seconds = /^(\d{1,6}(?:\.\d{1,9})?)s$/.exec(info?.retryDelay ?? '')?.[1];
    return seconds === undefined ? null : Math.ceil(Number(seconds) * 1_000);
  } catch {
    return null; // a proxy's page, or nothing
  }
}

function delayOfHeader(header: string | null): number | null {
  const seconds = /^\s*(\d{1,6})\s*$/.exec(header ?? '')?.[1];
  return seconds === undefined ? null : Number(seconds) * 1_000;
}

/** What broke a connection, as the first of an error and its causes to have a code says; null where none does. */
function causeOf(error: unknown): string | null {
  let one: unknown = error;
  while (typeof one === 'object' && one !== null) {
    if ('code' in one && typeof one.code === 'string') return one.code;
    one = 'cause' in one && one.cause !== one ? one.cause : null;
  }
  return null;
}
