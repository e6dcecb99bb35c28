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

/** Tells whether an instant lies in a half-open window. */
export function isWithin(window: Window, at: number): boolean {
  return at >= window.startAt && at < window.endAt;
}
