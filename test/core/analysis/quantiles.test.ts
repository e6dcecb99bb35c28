import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { mean, median, quantileOfSorted, sortedFinite } from '../../../core/analysis/quantiles.ts';

describe('quantileOfSorted', () => {
  test('interpolates as R does by default (type 7)', () => {
    // quantile(c(1, 2, 3, 4, 10), c(.1, .5, .9)) gives 1.4, 3 and 7.6.
    const sorted = [1, 2, 3, 4, 10];
    expect(quantileOfSorted(sorted, 0.1)).toBeCloseTo(1.4, 12);
    expect(quantileOfSorted(sorted, 0.5)).toBe(3);
    expect(quantileOfSorted(sorted, 0.9)).toBeCloseTo(7.6, 12);
  });

  test('lies between the extremes and never falls as the share grows', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (values, one, other) => {
          const sorted = sortedFinite(values);
          const [low, high] = [
            quantileOfSorted(sorted, Math.min(one, other)),
            quantileOfSorted(sorted, Math.max(one, other)),
          ];
          expect(low).toBeGreaterThanOrEqual(sorted[0] ?? Number.NaN);
          expect(high).toBeLessThanOrEqual(sorted.at(-1) ?? Number.NaN);
          expect(high >= low || Math.abs(high - low) <= Math.abs(low) * 1e-12).toBe(true);
        },
      ),
    );
  });

  test('of nothing is NaN', () => {
    expect(quantileOfSorted([], 0.5)).toBeNaN();
    expect(median([Number.NaN, Number.POSITIVE_INFINITY])).toBeNaN();
    expect(mean([])).toBeNaN();
  });
});

describe('median and mean', () => {
  test('leave out what is not finite', () => {
    expect(median([3, Number.NaN, 1, 2])).toBe(2);
    expect(mean([1, Number.NaN, 3, Number.NEGATIVE_INFINITY])).toBe(2);
  });
});
