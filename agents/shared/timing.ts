import type { Onset } from '../../core/schemas/primitives.ts';

/** How long before something began a change can still be looked at as its cause, in milliseconds. */
export const maxLagMs = 600_000;
const sharpestMs = 20_000;

/** Where a change stands to an onset. `closeness` is 1 at the onset and falls with the distance, in proportion to what the onset leaves open. */
export interface Timing {
  readonly kind: 'after' | 'shortly-before' | 'long-before';
  /** From the change to the earliest possible beginning, in milliseconds; 0 for a change inside the interval. */
  readonly lagMs: number;
  readonly closeness: number;
}

/** Dates a change against an onset: one that was made at or after the latest possible beginning cannot have caused it. */
export function timeChange(at: number, onset: Onset): Timing {
  if (at >= onset.latestAt) return { kind: 'after', lagMs: 0, closeness: 0 };
  const lagMs = Math.max(0, onset.earliestAt - at);
  const tolerance = Math.max(sharpestMs, onset.latestAt - onset.earliestAt);
  const closeness = lagMs <= tolerance ? 1 : tolerance / lagMs;
  return { kind: lagMs <= maxLagMs ? 'shortly-before' : 'long-before', lagMs, closeness };
}

/** Tells whether a cause that began in one interval can have had an effect that began in the other. */
export function canPrecede(cause: Onset, effect: Onset): boolean {
  return cause.earliestAt <= effect.latestAt;
}

/** Writes a length of time for people: seconds up to two minutes, then minutes. */
export function formatLag(ms: number): string {
  const seconds = Math.round(ms / 1_000);
  return seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
}

/** Writes an instant for people and programs alike; one that no calendar holds is named as such. */
export function formatInstant(at: number): string {
  return Math.abs(at) <= 8.64e15 ? new Date(at).toISOString() : 'an impossible time';
}
