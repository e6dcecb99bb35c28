import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { histogramQuantile } from '../../examples/shop/recorder/metric-rows.ts';

describe('the quantile of a histogram point', () => {
  test('is interpolated inside its bucket', () => {
    const point = {
      timeUnixNano: '0',
      min: 0,
      max: 4,
      explicitBounds: [1, 2, 4],
      bucketCounts: [2, 2, 4, 0],
    };
    expect(histogramQuantile(point, 0.25)).toBe(1);
    expect(histogramQuantile(point, 0.5)).toBe(2);
    expect(histogramQuantile(point, 0.75)).toBe(3);
  });

  test('rises with the quantile and stays between minimum and maximum', () => {
    const bounds = [0.1, 0.5, 1, 5];
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 10, noNaN: true }), { minLength: 1, maxLength: 50 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (values, one, other) => {
          const bucketCounts = [...bounds, Infinity].map(
            (bound, index) =>
              values.filter((value) => value <= bound && value > (bounds[index - 1] ?? -1)).length,
          );
          const [min, max] = [Math.min(...values), Math.max(...values)];
          const point = { timeUnixNano: '0', min, max, explicitBounds: bounds, bucketCounts };
          const [low, high] = [Math.min(one, other), Math.max(one, other)];
          const [lower, upper] = [histogramQuantile(point, low), histogramQuantile(point, high)];
          expect(lower).toBeGreaterThanOrEqual(min - 1e-9);
          expect(upper).toBeLessThanOrEqual(max + 1e-9);
          expect(lower).toBeLessThanOrEqual(upper + 1e-9);
        },
      ),
    );
  });
});
