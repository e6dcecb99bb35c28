/**
 * How far something moved between a baseline and what came after. `before` and `after` are levels in the unit of what was measured; `score` is 0
 * when nothing moved, about 1 at the edge of what the baseline itself showed, 3 when clearly out; it has no upper bound but grows slowly beyond 10. `support` is the
 * number of raw samples behind `after`.
 */
export interface Shift {
  readonly direction: 'up' | 'down';
  readonly before: number;
  readonly after: number;
  readonly score: number;
  readonly support: number;
}

/** The score from which a shift counts as clearly out. */
export const clearScore = 3;

const linearTo = 10;

/**
 * Turns a raw distance, in units of what a healthy series shows, into a score: the same up to 10, then only its logarithm, so that a tenfold rise of
 * something tiny does not drown everything else. Order is kept. What is not finite or negative is 0.
 */
export function scoreOf(distance: number): number {
  if (!Number.isFinite(distance) || distance <= 0) return 0;
  return distance <= linearTo ? distance : linearTo * (1 + Math.log(distance / linearTo));
}

/** Builds the shift between two levels on a scale; a scale that is not positive gives score 0. */
export function shiftBetween(
  levels: { readonly before: number; readonly after: number },
  scale: number,
  support: number,
): Shift {
  const { before, after } = levels;
  const ratio = Math.abs(after - before) / scale;
  return {
    direction: after >= before ? 'up' : 'down',
    before,
    after,
    score: scale > 0 ? scoreOf(ratio) : 0,
    support,
  };
}

const usualSupport = 50;

/** How much a shift counts when the one to name is chosen among several: its score, less where few samples stand behind it. */
export function standingOf({ score, support }: Shift): number {
  return score * Math.min(1, Math.sqrt(support / usualSupport));
}
