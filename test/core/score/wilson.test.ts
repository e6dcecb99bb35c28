import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { wilson } from '../../../core/score/wilson.ts';

describe('wilson', () => {
  // Newcombe, "Two-sided confidence intervals for the single proportion" (Statistics in Medicine 17, 1998), table I, method 3.
  test.each([
    { hits: 81, n: 263, low: 0.2553, high: 0.3662 },
    { hits: 15, n: 148, low: 0.0624, high: 0.1605 },
    { hits: 0, n: 20, low: 0, high: 0.1611 },
    { hits: 1, n: 29, low: 0.0061, high: 0.1718 },
  ])('$hits of $n lie between $low and $high', ({ hits, n, low, high }) => {
    const interval = wilson(hits / n, n);
    expect(interval.low).toBeCloseTo(low, 4);
    expect(interval.high).toBeCloseTo(high, 4);
  });

  test('of nothing nothing is known', () => {
    expect(wilson(0, 0)).toEqual({ low: 0, high: 1 });
  });

  const ratios = fc.double({ min: 0, max: 1, noNaN: true });
  const counts = fc.integer({ min: 1, max: 100_000 });

  test('holds the share, lies within [0, 1], and shrinks as cases come in', () => {
    fc.assert(
      fc.property(ratios, counts, (ratio, n) => {
        const { low, high } = wilson(ratio, n);
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual(1);
        expect(low).toBeLessThanOrEqual(ratio + 1e-9);
        expect(high).toBeGreaterThanOrEqual(ratio - 1e-9);
        const more = wilson(ratio, n * 2);
        expect(more.high - more.low).toBeLessThan(high - low);
      }),
    );
  });

  test('mirrors: what misses is known as well as what hits', () => {
    fc.assert(
      fc.property(ratios, counts, (ratio, n) => {
        expect(1 - wilson(1 - ratio, n).high).toBeCloseTo(wilson(ratio, n).low, 9);
      }),
    );
  });
});
