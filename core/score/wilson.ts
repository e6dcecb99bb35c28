/** The normal quantile that leaves 2.5 % on either side. */
const z = 1.959963984540054;

/**
 * Gives the 95 % interval of a share seen in `n` cases, within [0, 1]; nothing is known of none. Source: Wilson, "Probable inference, the law of succession,
 * and statistical inference" (1927), without continuity correction. The share may be a mean of expected hits.
 */
export function wilson(ratio: number, n: number): { readonly low: number; readonly high: number } {
  if (n === 0) return { low: 0, high: 1 };
  const weight = 1 + z ** 2 / n;
  const centre = (ratio + z ** 2 / (2 * n)) / weight;
  const half = (z / weight) * Math.sqrt((ratio * (1 - ratio)) / n + z ** 2 / (4 * n ** 2));
  return { low: Math.max(0, centre - half), high: Math.min(1, centre + half) };
}
