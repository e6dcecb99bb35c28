import { ApplicationFailure } from '@temporalio/common';
import { errorPolicy, isAppError } from '../core/errors.ts';

/**
 * Turns whatever an activity threw into the one failure that may cross into a workflow: type = code, retryable by the registry, delay from the
 * backend where it named one; one that its step calls final is not tried again. An unknown error is a bug, and a bug may be a passing fault of the environment, so it is retried within bounds.
 */
export function toApplicationFailure(error: unknown): ApplicationFailure {
  if (error instanceof ApplicationFailure) return error;
  if (isAppError(error)) {
    const retryAfterMs = error.details['retryAfterMs'];
    return ApplicationFailure.create({
      message: error.message,
      type: error.code,
      nonRetryable: !errorPolicy(error.code).retry || error.details['isFinal'] === true,
      ...(typeof retryAfterMs === 'number' ? { nextRetryDelay: retryAfterMs } : {}),
    });
  }
  return ApplicationFailure.create({
    message: error instanceof Error ? `${error.name}: ${error.message}` : 'an unknown error',
    type: 'bug.invariant',
    nonRetryable: false,
  });
}
