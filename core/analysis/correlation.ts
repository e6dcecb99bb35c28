import type { Samples } from './counter-rates.ts';
import { median, sortedFinite } from './quantiles.ts';

/**
 * How alike two series move: Pearson's coefficient, by how much the first moves for each unit of the second (the slope of least squares), and by how much it runs ahead.
 */
export interface Correlation {
  readonly coefficient: number;
  readonly slope: number;
  readonly aheadMs: number;
  /** How many pairs of samples it rests on. */
  readonly pairs: number;
}

const leastPairs = 5;
const mostSteps = 3;

/**
 * Correlates two series, the first up to three steps ahead of the second, and gives the closest relation. Samples are paired by the step of the coarser series, their mean where
 * one has several. A series that does not move is related to none: both are 0. Null with fewer than five pairs. O(n log n). Source: the cross-correlation function, Box and
 * Jenkins, "Time Series Analysis" (1970), chapter 11.
 */
export function correlationAhead(leading: Samples, following: Samples): Correlation | null {
  const stepMs = Math.max(stepOf(leading), stepOf(following));
  if (!(stepMs > 0)) return null;
  const first = meansBy(leading, stepMs);
  const second = meansBy(following, stepMs);
  let best: Correlation | null = null;
  for (let steps = 0; steps <= mostSteps; steps += 1) {
    const pairs = [...first].flatMap(([slot, value]) => {
      const other = second.get(slot + steps);
      return other === undefined ? [] : [[value, other] as const];
    });
    if (pairs.length < leastPairs) continue;
    const related = relate(pairs);
    if (best === null || related.coefficient > best.coefficient) {
      best = { ...related, aheadMs: steps * stepMs, pairs: pairs.length };
    }
  }
  return best;
}

/** The usual time between samples; NaN with fewer than two. */
function stepOf({ atMs }: Samples): number {
  const sorted = sortedFinite(atMs);
  const steps = sorted.subarray(1).map((at, index) => at - (sorted[index] ?? at));
  return median(steps.filter((step) => step > 0));
}

function meansBy({ atMs, values }: Samples, stepMs: number): ReadonlyMap<number, number> {
  const sums = new Map<number, { sum: number; count: number }>();
  for (const [index, at] of atMs.entries()) {
    const value = values[index] ?? Number.NaN;
    if (!Number.isFinite(value) || !Number.isFinite(at)) continue;
    const slot = Math.floor(at / stepMs);
    const known = sums.get(slot) ?? { sum: 0, count: 0 };
    sums.set(slot, { sum: known.sum + value, count: known.count + 1 });
  }
  return new Map([...sums].map(([slot, { sum, count }]) => [slot, sum / count]));
}

function relate(
  pairs: readonly (readonly [number, number])[],
): Pick<Correlation, 'coefficient' | 'slope'> {
  const [meanX, meanY] = [0, 1].map(
    (side) => pairs.reduce((sum, pair) => sum + (pair[side] ?? 0), 0) / pairs.length,
  ) as [number, number];
  let [xx, yy, xy] = [0, 0, 0];
  for (const [x, y] of pairs) {
    xx += (x - meanX) ** 2;
    yy += (y - meanY) ** 2;
    xy += (x - meanX) * (y - meanY);
  }
  // The roots are taken apart: the product of two tiny or huge sums is 0 or infinite.
  const coefficient = xy / (Math.sqrt(xx) * Math.sqrt(yy));
  const slope = xy / yy;
  return Number.isFinite(coefficient) && Number.isFinite(slope)
    ? { coefficient: Math.min(1, Math.max(-1, coefficient)), slope }
    : { coefficient: 0, slope: 0 };
}
