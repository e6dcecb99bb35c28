import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { compareDurations } from '../../../core/analysis/compare-durations.ts';
import { compareProportions } from '../../../core/analysis/compare-proportions.ts';
import { compareRates, dispersionOf } from '../../../core/analysis/compare-rates.ts';
import { clearScore, scoreOf } from '../../../core/analysis/shift.ts';
import type { Shift } from '../../../core/analysis/shift.ts';
import { createRandom, normal, poisson } from './random.ts';

function expectSound(shift: Shift | null): void {
  if (shift === null) return;
  for (const value of [shift.before, shift.after, shift.score, shift.support]) {
    expect(Number.isFinite(value)).toBe(true);
  }
  expect(shift.score).toBeGreaterThanOrEqual(0);
}

describe('scoreOf', () => {
  test('is the distance up to 10 and its logarithm beyond, and keeps the order', () => {
    expect([scoreOf(0), scoreOf(3), scoreOf(10)]).toEqual([0, 3, 10]);
    expect(scoreOf(10 * Math.E)).toBeCloseTo(20, 9);
    expect([scoreOf(-1), scoreOf(Number.NaN)]).toEqual([0, 0]);
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1e12 }), fc.double({ min: 0, max: 1e12 }), (a, b) => {
        if (a < b) expect(scoreOf(a)).toBeLessThanOrEqual(scoreOf(b));
      }),
    );
  });
});

describe('compareProportions', () => {
  test('gives the hand-computed score', () => {
    const shift = compareProportions({ bad: 0, total: 98 }, { bad: 8, total: 98 });
    // 2 asin sqrt(8.375/98.75) - 2 asin sqrt(0.375/98.75) = 0.4677, over sqrt(2/98) 3.2738; and 8.163 points.
    expect(shift?.score).toBeCloseTo(1 / Math.hypot(1 / 3.2738, 1 / 8.1633), 3);
    expect(shift).toMatchObject({ before: 0, direction: 'up', support: 98 });
    expect(shift?.after).toBeCloseTo(8 / 98, 12);
  });

  test('does not let small counts shout', () => {
    expect(compareProportions({ bad: 0, total: 9 }, { bad: 500, total: 500 })).toBeNull();
    const few = compareProportions({ bad: 0, total: 12 }, { bad: 2, total: 12 });
    expect(few?.score).toBeLessThan(clearScore);
    const stray = compareProportions({ bad: 1, total: 10 }, { bad: 14, total: 1_182 });
    expect(stray?.score).toBeLessThan(2);
  });

  test('is never clearly out for a change within two points, however many requests', () => {
    const shift = compareProportions({ bad: 1e6, total: 1e8 }, { bad: 3e6, total: 1e8 });
    expect(shift?.score).toBeLessThan(clearScore);
  });

  test('is quiet on requests that fail as before', () => {
    const random = createRandom(3);
    let loud = 0;
    for (let run = 0; run < 2_000; run += 1) {
      const draw = (total: number): { bad: number; total: number } => {
        let bad = 0;
        for (let index = 0; index < total; index += 1) if (random() < 0.02) bad += 1;
        return { bad, total };
      };
      if ((compareProportions(draw(300), draw(200))?.score ?? 0) >= clearScore) loud += 1;
    }
    expect(loud).toBeLessThanOrEqual(2);
  });

  test('is sound for any counts, and the other way round gives the other direction', () => {
    const counts = fc.record({ bad: fc.double(), total: fc.double() });
    fc.assert(
      fc.property(counts, counts, (one, other) => {
        const there = compareProportions(one, other);
        const back = compareProportions(other, one);
        expectSound(there);
        if (there === null || back === null) return;
        expect(back.score).toBeCloseTo(there.score, 9);
        if (there.before !== there.after) expect(back.direction).not.toBe(there.direction);
      }),
    );
  });
});

describe('compareDurations', () => {
  test('gives the hand-computed score', () => {
    // 0, 1 ... 100 ms: P50 50 and P90 90; afterwards all 200 ms later. Scale: 90 - 50 = 40 > 18 > 4; each standard error is 100 * sqrt(.09/101).
    const before = Array.from({ length: 101 }, (_unused, index) => index);
    const shift = compareDurations(
      before,
      before.map((ms) => ms + 200),
    );
    expect(shift).toMatchObject({ direction: 'up', support: 101 });
    expect(shift?.before).toBeCloseTo(90, 9);
    expect(shift?.score).toBeCloseTo(200 / 40, 9);
  });

  test('needs ten of each, and takes no notice of a millisecond', () => {
    expect(compareDurations([1, 2, 3], [500, 600, 700])).toBeNull();
    const steady = Array.from({ length: 50 }, () => 1);
    expect(
      compareDurations(
        steady,
        steady.map((ms) => ms + 1),
      )?.score,
    ).toBeLessThan(1);
  });

  test('is quiet on durations drawn as before', () => {
    const random = createRandom(5);
    let loud = 0;
    for (let run = 0; run < 1_000; run += 1) {
      const draw = (count: number): number[] =>
        Array.from({ length: count }, () => 70 * Math.exp(0.35 * normal(random)));
      if ((compareDurations(draw(40), draw(15))?.score ?? 0) >= clearScore) loud += 1;
    }
    expect(loud).toBe(0);
  });

  test('is sound for any numbers and does not depend on order', () => {
    const numbers = fc.array(fc.double(), { maxLength: 40 });
    fc.assert(
      fc.property(numbers, numbers, (before, after) => {
        const shift = compareDurations(before, after);
        expectSound(shift);
        expect(compareDurations(before.toReversed(), after.toReversed())).toEqual(shift);
      }),
    );
  });
});

describe('compareRates', () => {
  test('gives the hand-computed score', () => {
    // 10/s against 15/s: a fifth of 10 is 2; twice the error of 12 1/s over 100 s each is 2 * sqrt(12.5 * 2/100) = 1.
    const shift = compareRates({ count: 1_000, seconds: 100 }, { count: 1_500, seconds: 100 });
    expect(shift).toMatchObject({ before: 10, after: 15, direction: 'up', support: 1_500 });
    expect(shift?.score).toBeCloseTo(2.5, 12);
  });

  test('scores 5 when everything stops, and nothing when there was nearly nothing', () => {
    expect(
      compareRates({ count: 4_000, seconds: 100 }, { count: 0, seconds: 100 })?.score,
    ).toBeCloseTo(5, 12);
    expect(compareRates({ count: 3, seconds: 100 }, { count: 5, seconds: 100 })).toBeNull();
    expect(compareRates({ count: 100, seconds: 0 }, { count: 100, seconds: 10 })).toBeNull();
  });

  test('is quiet on traffic as before, also where it comes in bursts', () => {
    const random = createRandom(11);
    let loud = 0;
    for (let run = 0; run < 1_000; run += 1) {
      const draw = (parts: number): number[] =>
        Array.from({ length: parts }, () => 8 * poisson(random, 3));
      const [before, after] = [draw(18), draw(12)];
      const sum = (counts: readonly number[]): number => counts.reduce((a, b) => a + b, 0);
      const shift = compareRates(
        { count: sum(before), seconds: 90, dispersion: dispersionOf(before) },
        { count: sum(after), seconds: 60 },
      );
      if ((shift?.score ?? 0) >= clearScore) loud += 1;
    }
    expect(loud).toBe(0);
  });

  test('is sound for any numbers', () => {
    const rate = fc.record({ count: fc.double(), seconds: fc.double() });
    fc.assert(fc.property(rate, rate, (one, other) => expectSound(compareRates(one, other))));
  });
});

describe('dispersionOf', () => {
  test('is 1 for even counts and the Fano factor for bursts', () => {
    expect(dispersionOf([5, 5, 5, 5])).toBe(1);
    // Mean 5, sample variance (25 * 4) / 3; over the mean 20/3.
    expect(dispersionOf([0, 10, 0, 10])).toBeCloseTo(20 / 3, 12);
    expect(dispersionOf([0, 0, 0])).toBe(1);
  });
});
