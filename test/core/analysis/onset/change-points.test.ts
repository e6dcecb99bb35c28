import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { changePoints } from '../../../../core/analysis/onset/change-points.ts';
import { cusumAlarm } from '../../../../core/analysis/onset/cusum.ts';
import { energySplit } from '../../../../core/analysis/onset/energy-split.ts';
import { rankShift } from '../../../../core/analysis/onset/rank-shift.ts';
import { createRandom, normal } from '../random.ts';
import { nile, nileFallIndex } from './nile.ts';

const finite = fc.double({ min: -1e9, max: 1e9, noNaN: true });

describe('energySplit', () => {
  test('gives the hand-computed statistic of a clean step', () => {
    // Between the parts every distance is 1, within them 0: (3 * 3 / 6) * (2 * 1 - 0 - 0) = 3.
    expect(energySplit([0, 0, 0, 1, 1, 1], 2)).toEqual({ index: 3, statistic: 3 });
  });

  test('gives the hand-computed statistic where the parts vary', () => {
    // Left 0 2, right 10 14: between 10, 14, 8, 12 of mean 11; within 2 and 4. (2 * 2 / 4) * (22 - 2 - 4) = 16.
    const split = energySplit([0, 2, 10, 14], 2);
    expect(split?.index).toBe(2);
    expect(split?.statistic).toBeCloseTo(16, 12);
  });

  test('divides the flow of the Nile where it is known to have fallen', () => {
    expect(energySplit(nile, 3)?.index).toBe(nileFallIndex);
  });

  test('finds nothing in a constant or a sequence too short', () => {
    expect(energySplit([4, 4, 4, 4, 4, 4], 2)).toBeNull();
    expect(energySplit([1, 2, 3], 2)).toBeNull();
  });

  test('respects the least length of a part', () => {
    fc.assert(
      fc.property(fc.array(finite, { maxLength: 40 }), fc.integer({ min: 1, max: 8 }), (v, n) => {
        const split = energySplit(v, n);
        if (split === null) return;
        expect(split.index).toBeGreaterThanOrEqual(n);
        expect(v.length - split.index).toBeGreaterThanOrEqual(n);
        expect(Number.isFinite(split.statistic)).toBe(true);
      }),
    );
  });
});

describe('rankShift', () => {
  test('gives the z of a hand-ranked example', () => {
    // The race of tortoises and hares in which U is 11 and 25: mean 18, deviation sqrt(6 * 6 * 13 / 12).
    const hares = [2, 3, 4, 5, 6, 12];
    const tortoises = [1, 7, 8, 9, 10, 11];
    const { z } = rankShift([...hares, ...tortoises], 6);
    expect(z).toBeCloseTo((25 - 18) / Math.sqrt(39), 12);
  });

  test('reaches its greatest value when the parts do not overlap', () => {
    const { z, greatest } = rankShift([1, 2, 3, 4, 11, 12, 13], 4);
    expect(z).toBeCloseTo(greatest, 12);
  });

  test('takes ties into account and is 0 without a difference', () => {
    expect(rankShift([1, 1, 1, 1], 2).z).toBe(0);
    expect(rankShift([1, 2, 1, 2], 2).z).toBeCloseTo(0, 12);
    expect(rankShift([], 0)).toEqual({ z: 0, greatest: 0 });
  });
});

describe('cusumAlarm', () => {
  // The chemical process concentration of Montgomery and Runger, "Applied Statistics and Probability for Engineers", table 16-8: target 99 or, for
  // the upper side there, 99 with a reference value of 1. The lower side reaches 3.2 with the second observation and never 10.
  const concentration = [
    102, 94.8, 98.3, 98.4, 102, 98.5, 99, 97.7, 100, 98.1, 101.3, 98.7, 101.1, 98.4, 97, 96.7,
    100.3, 101.4, 97.2, 101,
  ];
  const chart = { centre: 99, scale: 1, slack: 1, limit: Number.POSITIVE_INFINITY };

  test('follows the published table', () => {
    expect(cusumAlarm(concentration, 'up', { ...chart, threshold: 10 })).toBeNull();
    expect(cusumAlarm(concentration, 'down', { ...chart, threshold: 10 })).toBeNull();
    expect(cusumAlarm(concentration, 'up', { ...chart, threshold: 1.9 })).toEqual({
      startIndex: 0,
      alarmIndex: 0,
    });
    expect(cusumAlarm(concentration, 'down', { ...chart, threshold: 3 })).toEqual({
      startIndex: 1,
      alarmIndex: 1,
    });
  });

  test('is not alarmed by a single stray value', () => {
    const options = { centre: 0, scale: 1, slack: 0.5, threshold: 5, limit: 4 };
    expect(cusumAlarm([0, 0, 1e9, 0, 0, 0, 0, 0], 'up', options)).toBeNull();
    expect(cusumAlarm([0, 0, 3, Number.NaN, 3, 3], 'up', options)).toEqual({
      startIndex: 2,
      alarmIndex: 5,
    });
  });
});

describe('changePoints', () => {
  test('finds the known fall of the Nile, and nothing before it', () => {
    expect(changePoints(nile)[0]).toBe(nileFallIndex);
  });

  test('finds where a noisy level steps up and down again', () => {
    const random = createRandom(21);
    const values = [0, 4, 0].flatMap((level) =>
      Array.from({ length: 40 }, () => level + normal(random)),
    );
    expect(changePoints(values)).toEqual([40, 80]);
  });

  test('finds next to nothing in noise', () => {
    const random = createRandom(22);
    let found = 0;
    for (let run = 0; run < 200; run += 1) {
      const values = Array.from({ length: 60 }, () => normal(random));
      if (changePoints(values).length > 0) found += 1;
    }
    expect(found).toBeLessThanOrEqual(10);
  });

  test('gives ascending indices inside the sequence', () => {
    fc.assert(
      fc.property(fc.array(finite, { maxLength: 60 }), (values) => {
        const points = changePoints(values);
        expect(points).toEqual([...new Set(points)].sort((one, other) => one - other));
        for (const index of points) expect(index > 0 && index < values.length).toBe(true);
      }),
    );
  });
});
