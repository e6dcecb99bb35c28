import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { baselineOf } from '../../../core/analysis/baseline.ts';
import { median } from '../../../core/analysis/quantiles.ts';
import { tailShift } from '../../../core/analysis/tail-shift.ts';
import { createRandom, normal } from './random.ts';

const anyNumbers = fc.array(fc.double(), { maxLength: 60 });

describe('baselineOf', () => {
  test('gives median, deviation and tails of a known series', () => {
    const baseline = baselineOf([1, 1, 2, 2, 4, 6, 9]);
    // Deviations from the median 2 are 1 1 0 0 2 4 7; their median is 1. Tails lie 6 % of a step inside the extremes.
    expect(baseline).toMatchObject({ count: 7, median: 2, mad: 1 });
    expect(baseline?.low).toBeCloseTo(1, 12);
    expect(baseline?.high).toBeCloseTo(8.82, 12);
  });

  test('has the median of the sorted distances from its median, of any numbers', () => {
    const numbers = fc.array(fc.double({ min: -1e9, max: 1e9, noNaN: true }), { minLength: 1 });
    fc.assert(
      fc.property(numbers, (values) => {
        const distances = values.map((value) => Math.abs(value - median(values)));
        expect(baselineOf(values)?.mad).toBeCloseTo(median(distances), 6);
      }),
    );
  });

  test('keeps a series that never moved, and knows none without samples', () => {
    expect(baselineOf([0, 0, 0])).toEqual({ count: 3, median: 0, mad: 0, low: 0, high: 0 });
    expect(baselineOf([Number.NaN])).toBeNull();
  });

  test('does not depend on the order of samples and holds no NaN', () => {
    fc.assert(
      fc.property(anyNumbers, (values) => {
        const baseline = baselineOf(values);
        expect(baselineOf(values.toReversed())).toEqual(baseline);
        for (const value of Object.values(baseline ?? {})) expect(value).not.toBeNaN();
      }),
    );
  });
});

describe('tailShift', () => {
  test('scores a constant that moves: an error ratio that was always 0', () => {
    const shift = tailShift(baselineOf(Array.from({ length: 30 }, () => 0)), [0.5, 0.5, 0.5], 0.02);
    // 0.5 over the floor of 0.02, less the allowances for 30 samples before (1.1) and 3 after (4/3): 17.05, which counts as 10 (1 + ln 1.705).
    expect(shift?.score).toBeCloseTo(10 * (1 + Math.log(25 / 1.1 / (4 / 3) / 10)), 9);
    expect(shift).toMatchObject({ direction: 'up', before: 0, after: 0.5, support: 3 });
  });

  test('is about 1 at the edge of what the baseline showed, less the allowance', () => {
    const values = Array.from({ length: 101 }, (_unused, index) => index);
    const baseline = baselineOf(values);
    const after = Array.from({ length: 100 }, () => 99);
    // (99 - 50) / (99 - 50), over 1 + 3/101 and 1 + 1/100.
    expect(tailShift(baseline, after, 0)?.score).toBeCloseTo(1 / (1 + 3 / 101) / 1.01, 9);
  });

  test('sees falls as well as rises', () => {
    const baseline = baselineOf(Array.from({ length: 40 }, (_unused, index) => 100 + (index % 3)));
    const fall = tailShift(baseline, [20, 20, 20, 20], 1);
    expect(fall?.direction).toBe('down');
    expect(fall?.score).toBeGreaterThan(3);
  });

  test('says little of one stray sample among many', () => {
    const baseline = baselineOf(Array.from({ length: 40 }, (_unused, index) => 10 + (index % 5)));
    const shift = tailShift(baseline, [11, 12, 900, 10, 13, 12, 11, 10, 14, 12], 1);
    expect(shift?.score).toBeLessThan(1.5);
  });

  test('stays below 3 on ordinary noise, whichever its shape', () => {
    const random = createRandom(7);
    const shapes = [() => normal(random), () => Math.exp(normal(random)), () => random()];
    for (const draw of shapes) {
      let loud = 0;
      for (let run = 0; run < 2_000; run += 1) {
        const before = Array.from({ length: 18 }, draw);
        const after = Array.from({ length: 12 }, draw);
        const score = tailShift(baselineOf(before), after, 0)?.score ?? 0;
        if (score >= 3) loud += 1;
      }
      expect(loud).toBeLessThanOrEqual(4);
    }
  });

  test('never throws, is never NaN and does not depend on order', () => {
    fc.assert(
      fc.property(anyNumbers, anyNumbers, fc.double({ min: 0 }), (before, after, floor) => {
        const shift = tailShift(baselineOf(before), after, floor);
        expect(tailShift(baselineOf(before), after.toReversed(), floor)).toEqual(shift);
        if (shift === null) return;
        expect(shift.score).toBeGreaterThanOrEqual(0);
        for (const value of [shift.before, shift.after, shift.score]) expect(value).not.toBeNaN();
      }),
    );
  });
});
