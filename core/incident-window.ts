import type { Window } from './schemas/primitives.ts';

const minuteMs = 60_000;
const defaultLookBackMs = 120 * minuteMs;
const forwardBufferMs = 10 * minuteMs;

/** The longest window that anything is investigated over: 7 days. */
export const longestWindowMs = 7 * 24 * 60 * minuteMs;

/** What is known of when it happened, in epoch milliseconds. */
export interface IncidentTimes {
  /** When somebody noticed; without it, or when it lies ahead of us, that is now. */
  readonly noticedAt?: number;
  /** How far back to look from then; 120 minutes unless told. */
  readonly lookBackMs?: number;
  readonly nowAt: number;
}

/**
 * Gives the window to investigate when nobody named one: it begins `lookBackMs` before somebody noticed, and ends 10 minutes after that, but never beyond
 * now. It is at most 7 days long: of a longer one the latest part is kept. Never empty: what was noticed right now with no look-back is one millisecond.
 */
export function incidentWindow({ noticedAt, lookBackMs, nowAt }: IncidentTimes): Window {
  const anchorAt = Math.min(noticedAt ?? nowAt, nowAt);
  const endAt = Math.min(anchorAt + forwardBufferMs, nowAt);
  const earliestAt = endAt - longestWindowMs;
  const startAt = Math.max(anchorAt - (lookBackMs ?? defaultLookBackMs), earliestAt);
  return { startAt: Math.min(startAt, endAt - 1), endAt };
}
