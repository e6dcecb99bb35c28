import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  counterIncreases,
  counterRates,
  looksCumulative,
} from '../../../core/analysis/counter-rates.ts';

describe('counterRates', () => {
  test('counts on after a reset and skips what is no number', () => {
    const rates = counterRates({
      atMs: [0, 1_000, 2_000, 3_000, 4_000, 6_000],
      values: [10, 15, Number.NaN, 25, 4, 10],
    });
    // 5 in one second, 10 in two, then a restart that has counted 4 in one, then 6 in two.
    expect(rates).toEqual({ atMs: [1_000, 3_000, 4_000, 6_000], values: [5, 5, 4, 3] });
  });

  test('never falls below zero nor throws, whatever the samples', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.double(), fc.double())), (pairs) => {
        const { atMs, values, seconds } = counterIncreases({
          atMs: pairs.map(([at]) => at),
          values: pairs.map(([, value]) => value),
        });
        expect(values).toHaveLength(atMs.length);
        for (const value of values) expect(value).toBeGreaterThanOrEqual(0);
        for (const length of seconds) expect(length).toBeGreaterThan(0);
      }),
    );
  });

  test('gives back the increases of a total made from them', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1_000), { minLength: 1 }), (increases) => {
        const totals = [0];
        for (const one of increases) totals.push((totals.at(-1) ?? 0) + one);
        const { values } = counterIncreases({
          atMs: totals.map((_total, index) => index * 5_000),
          values: totals,
        });
        expect(values).toEqual(increases);
      }),
    );
  });
});

describe('looksCumulative', () => {
  test('knows a running total, also one that was reset, from counts an interval', () => {
    expect(looksCumulative([1, 3, 5, 9, 12, 20, 22, 30])).toBe(true);
    expect(looksCumulative([10, 30, 50, 90, 5, 20, 22, 30])).toBe(true);
    expect(looksCumulative([12, 11, 13, 12, 9, 12, 14, 11])).toBe(false);
    expect(looksCumulative([7, 7, 7, 7, 7, 7, 7, 7])).toBe(false);
    expect(looksCumulative([1, 2, 3])).toBe(false);
  });
});
