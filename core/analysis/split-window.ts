import type { Onset, Window } from '../schemas/primitives.ts';

/** The parts of a window that are compared, each half-open in epoch milliseconds. */
export interface SplitWindow {
  readonly baseline: Window;
  readonly after: Window;
}

const leastShare = 0.1;

/**
 * Splits a window into what came before the suspected interval and what came after it. The interval itself is left out while at least a tenth of the
 * window remains behind it; otherwise what follows begins earlier, so that there is something to look at. Null when less than a fiftieth of
 * the window lies before the interval: without a baseline nothing can be compared.
 */
export function splitWindow(window: Window, suspected: Onset): SplitWindow | null {
  const lengthMs = window.endAt - window.startAt;
  const baselineEndAt = Math.min(suspected.earliestAt, window.endAt - lengthMs * leastShare);
  const latestStartAt = window.endAt - lengthMs * leastShare;
  const afterStartAt = Math.max(baselineEndAt, Math.min(suspected.latestAt, latestStartAt));
  if (!(lengthMs > 0) || !(baselineEndAt - window.startAt >= lengthMs / 50)) return null;
  return {
    baseline: { startAt: window.startAt, endAt: baselineEndAt },
    after: { startAt: afterStartAt, endAt: window.endAt },
  };
}

/**
 * Splits a window against windows known to be healthy, one split for each of them that does not reach into what is suspected, the longest first; what is
 * suspected is compared whole.
 */
export function splitsAgainst(
  baselines: readonly Window[],
  window: Window,
  suspected: Onset,
): readonly SplitWindow[] {
  const lengthMs = window.endAt - window.startAt;
  if (!(lengthMs > 0)) return [];
  const latestStartAt = window.endAt - lengthMs * leastShare;
  const startAt = Math.max(window.startAt, Math.min(suspected.earliestAt, latestStartAt));
  const after = { startAt, endAt: window.endAt };
  return baselines
    .filter((one) => one.endAt <= after.startAt || one.startAt >= after.endAt)
    .toSorted((one, other) => lengthOf(other) - lengthOf(one) || other.startAt - one.startAt)
    .map((baseline) => ({ baseline, after }));
}

/**
 * Tells whether events a second mean the same on both sides: the baseline is next to what is compared with it, or spans a longer time than lies between.
 * A short while of another time of day has its own number of users.
 */
export function hasLikeLoad({ baseline, after }: SplitWindow): boolean {
  const apartMs = Math.max(after.startAt - baseline.endAt, baseline.startAt - after.endAt);
  return apartMs <= lengthOf(baseline);
}

function lengthOf({ startAt, endAt }: Window): number {
  return endAt - startAt;
}

/** The shortest window that holds both. */
export function hullOf(one: Window, other: Window): Window {
  return {
    startAt: Math.min(one.startAt, other.startAt),
    endAt: Math.max(one.endAt, other.endAt),
  };
}

/** Tells whether an instant lies in a half-open window. */
export function isWithin(window: Window, at: number): boolean {
  return at >= window.startAt && at < window.endAt;
}
