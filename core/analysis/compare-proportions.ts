import { shiftBetween } from './shift.ts';
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

/**
 * Compares two shares of bad outcomes by the two-proportion z test with pooled variance, to which one success and one failure a side are
 * added, and 1 percentage point as the smallest standard error that counts: a change within a point is never clearly out, however large the
 * counts. Null below ten outcomes on either side. Reported levels are the plain ratios. Source: Agresti and Caffo, "Simple and Effective
 * Confidence Intervals for Proportions" (2000), for the added outcomes; the floor is ours.
 */
export function compareProportions(before: Proportion, after: Proportion): Shift | null {
  const one = cleaned(before);
  const other = cleaned(after);
  if (one.total < minSupport || other.total < minSupport) return null;
  const [oneTotal, otherTotal] = [one.total + 2, other.total + 2];
  const [oneBad, otherBad] = [one.bad + 1, other.bad + 1];
  const pooled = (oneBad + otherBad) / (oneTotal + otherTotal);
  const standardError = Math.sqrt(pooled * (1 - pooled) * (1 / oneTotal + 1 / otherTotal));
  const { score } = shiftBetween(
    { before: oneBad / oneTotal, after: otherBad / otherTotal },
    Math.hypot(standardError, floorRatio),
    other.total,
  );
  const levels = { before: one.bad / one.total, after: other.bad / other.total };
  return {
    ...levels,
    direction: levels.after >= levels.before ? 'up' : 'down',
    // Where the plain ratios agree there is no shift, whatever the added outcomes make of unequal counts.
    score: levels.before === levels.after ? 0 : score,
    support: Math.round(other.total),
  };
}
