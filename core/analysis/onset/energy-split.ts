/** Where a sequence divides best: `index` is the first of the later part; `statistic` is the scaled energy distance between the parts. */
export interface EnergySplit {
  readonly index: number;
  readonly statistic: number;
}

/**
 * Finds the division of a sequence into two parts, each of at least `leastLength` values, between which the energy distance is greatest. Null
 * when the sequence is too short or constant. The earliest of equally good divisions is returned. O(n²) time, O(n) memory: meant for some
 * hundreds of values. Source: E-divisive, Matteson and James, "A Nonparametric Approach for Multiple Change Point Analysis of Multivariate
 * Data" (2014), with exponent 1 and one change-point a call.
 */
export function energySplit(values: readonly number[], leastLength: number): EnergySplit | null {
  const count = values.length;
  const least = Math.max(1, leastLength);
  if (count < 2 * least) return null;
  let { within: right } = distanceSums(values, count);
  let left = 0;
  let between = 0;
  let best: EnergySplit | null = null;
  for (let index = 1; index < count; index += 1) {
    // The value before `index` moves from the right part to the left one.
    const { toLeft, toRight } = distancesOf(values, index - 1);
    left += toLeft;
    right -= toRight;
    between += toRight - toLeft;
    if (index < least || count - index < least) continue;
    const statistic = energyDistance({ left, right, between }, index, count - index);
    if (statistic > (best?.statistic ?? 0) * (1 + 1e-12) && statistic > 0) {
      best = { index, statistic };
    }
  }
  return best;
}

function distanceSums(values: readonly number[], count: number): { readonly within: number } {
  let within = 0;
  for (let index = 0; index < count; index += 1) within += distancesOf(values, index).toLeft;
  return { within };
}

function distancesOf(
  values: readonly number[],
  index: number,
): { readonly toLeft: number; readonly toRight: number } {
  const own = values[index] ?? 0;
  let toLeft = 0;
  let toRight = 0;
  for (let other = 0; other < index; other += 1) toLeft += Math.abs(own - (values[other] ?? 0));
  for (let other = index + 1; other < values.length; other += 1) {
    toRight += Math.abs(own - (values[other] ?? 0));
  }
  return { toLeft, toRight };
}

/** The sums are over unordered pairs; the published statistic uses means over all pairs of different values in a part. */
function energyDistance(
  sums: { readonly left: number; readonly right: number; readonly between: number },
  leftCount: number,
  rightCount: number,
): number {
  const pairs = (count: number): number => Math.max(1, (count * (count - 1)) / 2);
  const distance =
    (2 * sums.between) / (leftCount * rightCount) -
    sums.left / pairs(leftCount) -
    sums.right / pairs(rightCount);
  const scaled = ((leftCount * rightCount) / (leftCount + rightCount)) * distance;
  return Number.isFinite(scaled) ? scaled : 0;
}
