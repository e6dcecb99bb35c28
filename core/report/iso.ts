import type { Onset } from '../schemas/primitives.ts';

/** The years that ISO 8601 writes with four digits, in epoch milliseconds: 0000 to 9999. */
const earliestAt = -62_167_219_200_000;
const latestAt = 253_402_300_799_999;

/** Writes an instant for a boundary, ISO 8601 in UTC; one beyond four-digit years becomes the nearest that is not. */
export function toIso(at: number): string {
  const finite = Number.isFinite(at) ? at : 0;
  return new Date(Math.min(latestAt, Math.max(earliestAt, finite))).toISOString();
}

/** Writes an onset for a boundary. */
export function toIsoOnset(onset: Onset): { readonly earliest: string; readonly latest: string } {
  return { earliest: toIso(onset.earliestAt), latest: toIso(onset.latestAt) };
}
