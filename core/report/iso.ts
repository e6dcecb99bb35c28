import type { Onset } from '../schemas/primitives.ts';

/** The largest distance from the epoch that a calendar date can have, in milliseconds. */
const furthestMs = 8.64e15;

/** Writes an instant for a boundary, ISO 8601 in UTC; what no calendar holds becomes the nearest that one does. */
export function toIso(at: number): string {
  const finite = Number.isFinite(at) ? at : 0;
  return new Date(Math.min(furthestMs, Math.max(-furthestMs, finite))).toISOString();
}

/** Writes an onset for a boundary. */
export function toIsoOnset(onset: Onset): { readonly earliest: string; readonly latest: string } {
  return { earliest: toIso(onset.earliestAt), latest: toIso(onset.latestAt) };
}
