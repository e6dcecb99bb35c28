import { AppError, isAppError } from '../core/errors.ts';

/** What the system says when the server cannot be reached, or is gone in mid-sentence. */
const systemCodes: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EPIPE',
  'ETIMEDOUT',
]);

/**
 * Classes and codes of SQLSTATE after which the same work may succeed later: connection, refused login, missing database, rollback of a deadlock,
 * resources, shut-down; a standby that takes no writes, a transaction that has been ended by a time-out or goes on after that, a lock or a statement
 * that took too long, an inner fault. Source: PostgreSQL 18 documentation, appendix A.
 */
const unavailableStates = /^(08|28|3D|40|53|57P|58|25006|25P02|25P03|55P03|57014|XX000)/;

/** What the driver itself says, in words only, when a connection cannot be made or does not last. */
export const driverMessages =
  /Connection terminated|timeout exceeded when trying to connect|timeout expired|not queryable|Query read timeout|Cannot use a pool after/;

/**
 * Translates what the driver throws: `unavailable.database` when the server is away or may do it later, `not-found.investigation` for a row of an
 * investigation that is not there, else `bug.invariant`. Messages never hold the connection string, nor values of a statement.
 */
export function toDatabaseError(error: unknown): AppError {
  if (isAppError(error)) return error;
  const { code, message, constraint } = fields(error);
  const state = /^[0-9A-Z]{5}$/.test(code) ? code : '';
  if (systemCodes.has(code) || unavailableStates.test(state) || driverMessages.test(message)) {
    return new AppError('unavailable.database', `PostgreSQL is not available: ${message || code}`, {
      cause: error,
    });
  }
  if (state === '23503' && constraint.endsWith('investigation_id_fkey')) {
    return new AppError('not-found.investigation', 'no such investigation is stored', {
      cause: error,
    });
  }
  return new AppError('bug.invariant', `PostgreSQL refused a statement: ${message}`, {
    cause: error,
  });
}

/** Tells whether the connection is of no use after this error. */
export function isUnavailable(error: AppError): boolean {
  return error.code === 'unavailable.database';
}

function fields(error: unknown): {
  readonly code: string;
  readonly message: string;
  readonly constraint: string;
} {
  if (typeof error !== 'object' || error === null) {
    return { code: '', message: String(error), constraint: '' };
  }
  // A host name with several addresses fails with one error for each; the first stands for all.
  if (error instanceof AggregateError && error.errors.length > 0) return fields(error.errors[0]);
  return {
    code: 'code' in error ? String(error.code) : '',
    message: 'message' in error ? String(error.message) : '',
    constraint: 'constraint' in error ? String(error.constraint) : '',
  };
}
