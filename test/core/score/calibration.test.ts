import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { calibrate } from '../../../core/score/calibration.ts';

const statements = fc.array(
  fc.record({ confidence: fc.double({ min: 0, max: 1, noNaN: true }), isRight: fc.boolean() }),
  { minLength: 1, maxLength: 40 },
);

describe('calibrate', () => {
  test('of five statements in two bins gives what a hand computes', () => {
    const measured = calibrate([
      { confidence: 0.95, isRight: true },
      { confidence: 0.92, isRight: false },
      { confidence: 0.55, isRight: true },
      { confidence: 0.51, isRight: true },
      { confidence: 0.58, isRight: false },
    ]);
    // 0.5 to 0.6 says 1.64 / 3 and is right in 2 of 3: 0.12 apart. 0.9 to 1 says 0.935 and is right in 1 of 2: 0.435 apart.
    expect(measured?.bins.map(({ from, to, n }) => [from, to, n])).toEqual([
      [0.5, 0.6, 3],
      [0.9, 1, 2],
    ]);
    expect(measured?.expectedError).toBeCloseTo((3 * 0.12 + 2 * 0.435) / 5, 9);
    // 0.05², 0.92², 0.45², 0.49² and 0.58².
    expect(measured?.brier).toBeCloseTo(1.6279 / 5, 9);
    expect(measured?.brierOfMean).toBeCloseTo(0.6 * 0.4, 9);
  });

  test('of nothing says nothing', () => {
    expect(calibrate([])).toBeNull();
  });

  test('a confidence of 1 belongs to the last bin', () => {
    expect(calibrate([{ confidence: 1, isRight: true }])?.bins).toEqual([
      { from: 0.9, to: 1, n: 1, saidRatio: 1, rightRatio: 1 },
    ]);
  });

  test('lies within bounds, holds every statement, and does not care for their order', () => {
    fc.assert(
      fc.property(statements, (made) => {
        const measured = calibrate(made);
        const turned = calibrate(made.toReversed());
        expect(measured?.bins.reduce((sum, { n }) => sum + n, 0)).toBe(made.length);
        for (const key of ['expectedError', 'brier', 'brierOfMean'] as const) {
          const value = measured?.[key] ?? Number.NaN;
          expect(value).toBeGreaterThanOrEqual(0);
          expect(value).toBeLessThanOrEqual(1);
          expect(turned?.[key]).toBeCloseTo(value, 9);
        }
      }),
    );
  });

  test('whoever always says the share that is right scores as the constant, and is never off', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 1, maxLength: 40 }), (outcomes) => {
        const confidence = outcomes.filter(Boolean).length / outcomes.length;
        const measured = calibrate(outcomes.map((isRight) => ({ confidence, isRight })));
        expect(measured?.brier).toBeCloseTo(measured?.brierOfMean ?? Number.NaN, 9);
        expect(measured?.expectedError).toBeCloseTo(0, 9);
      }),
    );
  });
});
