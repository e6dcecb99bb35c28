import { median } from './quantiles.ts';

/** Makes a median absolute deviation comparable with a standard deviation of normal values. */
const madScale = 1.4826;

/** The median of values and how far they usually lie from it: the scaled median absolute deviation, which bad values below half of all do not move. */
export function robustSpread(values: readonly number[]): {
  readonly centre: number;
  readonly spread: number;
} {
  const centre = median(values);
  return { centre, spread: median(values.map((value) => Math.abs(value - centre))) * madScale };
}
