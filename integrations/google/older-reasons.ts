/** Told by an older API: a quota that is used up arrives as 403, or as 400 where a job met it. */
const quotaReasons = new Set([
  ...['rateLimitExceeded', 'quotaExceeded', 'userRateLimitExceeded', 'jobRateLimitExceeded'],
]);
const awayReasons = new Set([
  ...['backendError', 'internalError', 'jobBackendError', 'jobInternalError', 'tableUnavailable'],
]);

/** Reasons of BigQuery for which a job ends and another like it may not. */
export const passingReasons: ReadonlySet<string> = new Set([
  ...quotaReasons,
  ...awayReasons,
  'stopped',
]);

/** Gives the google.rpc.Code that such a reason amounts to, `otherwise` where it says no more than that. */
export function statusOfReason(reason: string, otherwise: string): string {
  if (quotaReasons.has(reason)) return 'RESOURCE_EXHAUSTED';
  return awayReasons.has(reason) && otherwise === 'INVALID_ARGUMENT' ? 'UNAVAILABLE' : otherwise;
}
