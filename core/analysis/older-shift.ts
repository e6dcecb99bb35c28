import type { Samples } from './counter-rates.ts';
import type { Shift } from './shift.ts';
import type { SplitWindow } from './split-window.ts';
import { isInside } from './stretches.ts';

const leastLately = 2;
const mostlySo = 0.5;
const olderFactor = 0.25;

/**
 * Takes three quarters off the score of a shift that is older than what is suspected: against a baseline of another time a series may be otherwise for reasons of its own, and
 * then it was so already, at least half of the way in every one of two or more samples, right before. A cause begins with what it causes.
 */
export function discountOlder(shift: Shift, { atMs, values }: Samples, split: SplitWindow): Shift {
  const { lately } = split;
  const { before, after, score } = shift;
  if (lately === undefined || before === after) return shift;
  const shares = values.flatMap((value, index) =>
    Number.isFinite(value) && isInside(lately, atMs[index] ?? Number.NaN)
      ? [(value - before) / (after - before)]
      : [],
  );
  const isOlder = shares.length >= leastLately && shares.every((share) => share >= mostlySo);
  return isOlder ? { ...shift, score: score * olderFactor } : shift;
}
