import { errorPolicy } from '../../core/errors.ts';
import type { AppError, ErrorCode } from '../../core/errors.ts';
import type { ModelCallRow } from '../../store/store.ts';

/** Calls that fail in a row after which an investigation does without its model. */
export const outageAfter = 3;
const passingCodes: readonly string[] = [
  'rate-limited.model',
  'unavailable.model',
  'timeout.model',
] satisfies readonly ErrorCode[];
export const outageCodes: readonly string[] = [
  ...passingCodes,
  ...(['forbidden.model', 'invalid.model-request'] satisfies readonly ErrorCode[]),
];

/** Counts the last failures one after the other. Of calls that were under way together, as those of specialists are, all failures are one. */
export function failuresInARow(
  calls: readonly Pick<ModelCallRow, 'code' | 'reservedAt' | 'settledAt'>[],
): number {
  const ended = calls
    .flatMap(({ code, reservedAt, settledAt }) =>
      settledAt === null || code === 'budget-exceeded.model'
        ? []
        : [{ code, reservedAt, settledAt }],
    )
    .sort((one, other) => one.settledAt - other.settledAt);
  let count = 0;
  let failedAt = -Infinity;
  for (const { code, reservedAt, settledAt } of ended) {
    if (!outageCodes.includes(code ?? '')) {
      count = 0;
    } else if (count === 0 || reservedAt >= failedAt) {
      count += 1;
      failedAt = settledAt;
    }
  }
  return count;
}

/** Whether a step that failed so may be tried again, in the time that is left to ask a model. */
export function isWorthRetrying(
  error: AppError,
  so: { readonly attempt: number; readonly now: number; readonly endsAt: number },
): boolean {
  const { code, details } = error;
  if (!passingCodes.includes(code) || details['isOut'] === true) return false;
  const { retryAfterMs } = details;
  const waitMs = typeof retryAfterMs === 'number' ? retryAfterMs : 1_000;
  return errorPolicy(code).retry && so.attempt < outageAfter && so.now + waitMs < so.endsAt;
}
