import { energySplit } from './energy-split.ts';
import { rankShift } from './rank-shift.ts';

const clearZ = 3.5;
const shareOfGreatest = 0.92;
/** Looking nearby is looking more often: less overlap is allowed there. */
const shareNearby = 0.98;
const leastNearby = 10;
const maxDepth = 4;

/** The fewest values from which, and the shortest part in which, a change-point is looked for. */
export const leastValues = 8;
const leastPart = 3;

/**
 * Finds the indices, ascending, at which a sequence shifts: divided where the energy distance is greatest, then each part again, as long as
 * the parts differ clearly in rank (z of 3.5, or nearly full separation where so few values cannot reach that). Empty for fewer than eight
 * values and for a sequence without a shift. Values must be finite. O(n²); meant for some hundreds of values. Source: hierarchical
 * E-divisive (see `energySplit`); the permutation test is replaced by a rank test, which needs no random numbers.
 */
export function changePoints(values: readonly number[]): readonly number[] {
  if (values.length < leastValues) return [];
  return divide(values, 0, maxDepth).sort((one, other) => one - other);
}

/**
 * Compares the sides as a whole and, since trouble that passes leaves a side with both kinds of value, also nearby: up to a quarter and an eighth of the
 * sequence to either side.
 */
function differsClearly(values: readonly number[], index: number): boolean {
  const count = values.length;
  const isClear = (reach: number, share: number): boolean => {
    const from = Math.max(0, index - reach);
    const { z, greatest } = rankShift(values.slice(from, index + reach), index - from);
    return greatest > 0 && Math.abs(z) >= Math.min(clearZ, greatest * share);
  };
  return (
    isClear(count, shareOfGreatest) ||
    [Math.ceil(count / 4), Math.ceil(count / 8)].some(
      (reach) => reach >= leastNearby && isClear(reach, shareNearby),
    )
  );
}

function divide(values: readonly number[], offset: number, depth: number): number[] {
  if (depth === 0) return [];
  const split = energySplit(values, leastPart);
  if (split === null) return [];
  if (!differsClearly(values, split.index)) return [];
  return [
    ...divide(values.slice(0, split.index), offset, depth - 1),
    offset + split.index,
    ...divide(values.slice(split.index), offset + split.index, depth - 1),
  ];
}
