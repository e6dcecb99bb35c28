import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { correlationAhead } from '../../../core/analysis/correlation.ts';
import type { Samples } from '../../../core/analysis/counter-rates.ts';

const minute = 60_000;

const byMinute = (values: readonly number[], every = 1): Samples => ({
  atMs: values.map((_value, index) => index * every * minute),
  values,
});

describe('correlationAhead', () => {
  test('gives the coefficient computed by hand', () => {
    // Deviations from the means 3 and 4: -2 -1 0 1 2 and -2 0 1 0 1; 6 / sqrt(10 * 6), and 6 / 6.
    const found = correlationAhead(byMinute([1, 2, 3, 4, 5]), byMinute([2, 4, 5, 4, 5]));
    expect(found).toEqual({
      coefficient: expect.closeTo(0.774_6, 4),
      slope: 1,
      aheadMs: 0,
      pairs: 5,
    });
  });

  test('finds by how much one runs ahead of the other, and not that it follows', () => {
    const wave = [0, 0, 1, 5, 2, 0, 0, 3, 1, 0, 0, 0];
    const later = [0, 0, ...wave.slice(0, -2)];
    expect(correlationAhead(byMinute(wave), byMinute(later))).toEqual({
      coefficient: expect.closeTo(1, 9),
      slope: expect.closeTo(1, 9),
      aheadMs: 2 * minute,
      pairs: 10,
    });
    expect(correlationAhead(byMinute(later), byMinute(wave))?.coefficient).toBeLessThan(0.5);
  });

  test('takes the means of the finer series over the steps of the coarser', () => {
    const coarse = byMinute([1, 2, 4, 3, 7], 5);
    const fine = byMinute(
      coarse.values.flatMap((value) => [-2, -1, 0, 1, 2].map((by) => value + by)),
    );
    expect(correlationAhead(fine, coarse)).toMatchObject({
      coefficient: expect.closeTo(1, 9),
      pairs: 5,
    });
  });

  test('a series that does not move is related to none, and few pairs say nothing', () => {
    expect(correlationAhead(byMinute([3, 3, 3, 3, 3]), byMinute([1, 2, 3, 4, 5]))).toMatchObject({
      coefficient: 0,
      slope: 0,
    });
    expect(correlationAhead(byMinute([1, 2, 3, 4]), byMinute([1, 2, 3, 4]))).toBeNull();
    expect(correlationAhead(byMinute([]), byMinute([1]))).toBeNull();
  });

  test('lies between -1 and 1 whatever comes, and does not depend on the order of samples', () => {
    const series = fc
      .array(
        fc.tuple(
          fc.nat(50),
          fc.oneof(fc.double({ min: -1e9, max: 1e9, noNaN: true }), fc.constant(Number.NaN)),
        ),
        { maxLength: 40 },
      )
      .map((pairs) => pairs.map(([slot, value]) => [slot * minute, value] as const));
    const samples = (pairs: readonly (readonly [number, number])[]): Samples => ({
      atMs: pairs.map(([at]) => at),
      values: pairs.map(([, value]) => value),
    });
    fc.assert(
      fc.property(series, series, (one, other) => {
        const found = correlationAhead(samples(one), samples(other));
        if (found === null) return;
        expect(Math.abs(found.coefficient)).toBeLessThanOrEqual(1);
        const turned = correlationAhead(samples([...one].reverse()), samples([...other].reverse()));
        expect(turned).toEqual({
          ...found,
          coefficient: expect.closeTo(found.coefficient, 6),
          slope: expect.any(Number),
        });
      }),
    );
  });
});
