import type { Window } from '../../schemas/primitives.ts';
import type { SplitWindow } from '../split-window.ts';

const spansMs = [15_000, 30_000, 60_000, 300_000, 900_000, 3_600_000];
const wanted = 40;

/**
 * Chooses what to compare directly before and directly after a change: the shortest of 15 s, 30 s, 1, 5, 15 and 60 min in which at least forty requests lie
 * on either side, or else the longest. `requestsAt` are their instants. The later side ends before `otherTroubleAt`, when something else is known to
 * have begun by then and at least half of the wanted requests lie before it. Both sides stay inside the window; null when one of them is empty.
 */
export function aroundChange(options: {
  readonly window: Window;
  readonly changeAt: number;
  readonly requestsAt: readonly number[];
  readonly otherTroubleAt: number | null;
}): SplitWindow | null {
  const { window, changeAt, requestsAt, otherTroubleAt } = options;
  const countIn = (from: number, to: number): number =>
    requestsAt.filter((at) => at >= from && at < to).length;
  const isApart =
    otherTroubleAt !== null &&
    otherTroubleAt > changeAt &&
    countIn(changeAt, otherTroubleAt) >= wanted / 2;
  const lastAt = isApart ? otherTroubleAt : window.endAt;
  const splits = spansMs.map((spanMs) => ({
    baseline: { startAt: Math.max(window.startAt, changeAt - spanMs), endAt: changeAt },
    after: { startAt: changeAt, endAt: Math.min(lastAt, changeAt + spanMs) },
  }));
  const enough = splits.find(
    ({ baseline, after }) =>
      countIn(baseline.startAt, baseline.endAt) >= wanted &&
      countIn(after.startAt, after.endAt) >= wanted,
  );
  const chosen = enough ?? splits.at(-1);
  if (chosen === undefined) return null;
  const { baseline, after } = chosen;
  const isWhole = baseline.endAt > baseline.startAt && after.endAt > after.startAt;
  return isWhole ? { baseline: [baseline], after: [after] } : null;
}
