/** Returns the finite values in ascending order; NaN and infinities are left out. */
export function sortedFinite(values: readonly number[]): readonly number[] {
  return values.filter((value) => Number.isFinite(value)).sort((one, other) => one - other);
}

/**
 * Returns the quantile of ascending values, interpolated between neighbours; `share` is in [0, 1]. NaN when there is no value. Source: type 7 of
 * Hyndman and Fan, "Sample Quantiles in Statistical Packages" (1996).
 */
export function quantileOfSorted(sorted: readonly number[], share: number): number {
  const place = (sorted.length - 1) * share;
  const low = sorted[Math.floor(place)];
  const high = sorted[Math.ceil(place)];
  if (low === undefined || high === undefined) return Number.NaN;
  // Halves are weighed apart: a difference of two huge values of opposite sign would overflow.
  const weight = place - Math.floor(place);
  return low === high ? low : low * (1 - weight) + high * weight;
}

/** Returns the median of the finite values; NaN when there is none. */
export function median(values: readonly number[]): number {
  return quantileOfSorted(sortedFinite(values), 0.5);
}

/** Returns the arithmetic mean of the finite values; NaN when there is none. */
export function mean(values: readonly number[]): number {
  let sum = 0;
  let count = 0;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    sum += value;
    count += 1;
  }
  return sum / count;
}
