import { scoreOf, shiftBetween } from './shift.ts';
import type { Shift } from './shift.ts';

/** Outcomes counted in a window: `bad` of `total`. */
export interface Proportion {
  readonly bad: number;
  readonly total: number;
}

/** The fewest outcomes on either side from which two proportions are compared. */
export const minSupport = 10;
const floorRatio = 0.01;

/** Reads counts defensively: not finite or negative is 0, and there are never more bad ones than all. */
function cleaned({ bad, total }: Proportion): Proportion {
  const all = Number.isFinite(total) ? Math.max(0, total) : 0;
  return { bad: Number.isFinite(bad) ? Math.min(Math.max(0, bad), all) : 0, total: all };
}

/** Makes the variance of a share nearly the same whatever the share; the additions do so for small counts too. */
const stabilised = ({ bad, total }: Proportion): number =>
  2 * Math.asin(Math.sqrt((bad + 0.375) / (total + 0.75)));

/**
 * Compares two shares of bad outcomes: the difference in standard deviations, after a transform under which a single failure among ten says as little as
 * it should, and in percentage points; the score is near the smaller of the two, so that a change within two points is never clearly out, however large
 * the counts. Null below ten outcomes on either side. Levels are the plain ratios. Source: arcsine transform, Anscombe, "The transformation of
 * Poisson, binomial and negative-binomial data" (1948); the floor of a point is ours.
 */
export function compareProportions(before: Proportion, after: Proportion): Shift | null {
  const one = cleaned(before);
  const other = cleaned(after);
  if (one.total < minSupport || other.total < minSupport) return null;
  const levels = { before: one.bad / one.total, after: other.bad / other.total };
  const z =
    Math.abs(stabilised(other) - stabilised(one)) / Math.sqrt(1 / one.total + 1 / other.total);
  const points = Math.abs(levels.after - levels.before) / floorRatio;
  const distance = z > 0 && points > 0 ? 1 / Math.hypot(1 / z, 1 / points) : 0;
  return { ...shiftBetween(levels, 1, Math.round(other.total)), score: scoreOf(distance) };
}
