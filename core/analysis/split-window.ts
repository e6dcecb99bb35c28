import type { Onset, Window } from '../schemas/primitives.ts';
import { common, joined, leastHistory, secondsOf } from './stretches.ts';
import type { Stretches } from './stretches.ts';

/** What is compared with what: neither side is empty. */
export interface SplitWindow {
  readonly baseline: Stretches;
  readonly after: Stretches;
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
    baseline: [{ startAt: window.startAt, endAt: baselineEndAt }],
    after: [{ startAt: afterStartAt, endAt: window.endAt }],
  };
}

/**
 * Splits a window against times known to be healthy, all of them that do not reach into what is suspected; what is suspected is compared whole. Null when there is no such
 * time.
 */
export function splitAgainst(
  healthy: readonly Window[],
  window: Window,
  suspected: Onset,
): SplitWindow | null {
  const lengthMs = window.endAt - window.startAt;
  if (!(lengthMs > 0)) return null;
  const latestStartAt = window.endAt - lengthMs * leastShare;
  const startAt = Math.max(window.startAt, Math.min(suspected.earliestAt, latestStartAt));
  const after = { startAt, endAt: window.endAt };
  const baseline = joined(
    healthy.filter((one) => one.endAt <= after.startAt || one.startAt >= after.endAt),
  );
  if (baseline.length === 0) return null;
  return { baseline, after: [after] };
}

/** Keeps of both sides the times of which there are records at all; null when nothing is left of one. `recorded` null means all of the time. */
export function splitOfRecorded(
  split: SplitWindow,
  recorded: Stretches | null,
): SplitWindow | null {
  if (recorded === null) return split;
  const baseline = common(split.baseline, recorded);
  const after = common(split.after, recorded);
  return baseline.length === 0 || after.length === 0 ? null : { ...split, baseline, after };
}

/**
 * Tells whether events a second mean the same on both sides: the baseline is next to what is compared with it, or spans a longer time than lies between, or has so many parts
 * that it shows how the load comes and goes. A short while of another time of day has its own number of users.
 */
export function hasLikeLoad({ baseline, after }: SplitWindow): boolean {
  const [first, last] = [after[0], after.at(-1)];
  if (first === undefined || last === undefined) return false;
  const apartMs = baseline.map((one) =>
    Math.max(first.startAt - one.endAt, one.startAt - last.endAt),
  );
  return baseline.length >= leastHistory || Math.min(...apartMs) <= secondsOf(baseline) * 1_000;
}
