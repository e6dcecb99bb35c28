import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { budgetRemainingRatio, burnRate } from '../../../../core/reliability/slo/burn-rate.ts';

const objectives = fc.double({ min: 0.5, max: 0.9999, noNaN: true });
const events = fc
  .record({ total: fc.integer({ min: 1, max: 10_000_000 }), share: fc.double({ min: 0, max: 1 }) })
  .filter(({ share }) => !Number.isNaN(share))
  .map(({ total, share }) => ({ total, bad: Math.floor(total * share) }));

describe('burnRate', () => {
  test('AS-21 one failure in 1,000 on 99.5 % burns at 0.2 and leaves the budget open', () => {
    const seen = { bad: 1, total: 1_000 };
    expect(burnRate(seen, 0.995)).toBeCloseTo(0.2, 12);
    expect(budgetRemainingRatio(seen, 0.995)).toBeCloseTo(0.8, 12);
  });

  // The Site Reliability Workbook, chapter 5: error rates of 1.44 % and 0.6 % at 99.9 % are burn rates of 14.4 and 6.
  test.each([
    { bad: 144, total: 10_000, objective: 0.999, burn: 14.4 },
    { bad: 60, total: 10_000, objective: 0.999, burn: 6 },
    { bad: 10, total: 10_000, objective: 0.999, burn: 1 },
    { bad: 10_000, total: 10_000, objective: 0.999, burn: 1_000 },
    { bad: 0, total: 10_000, objective: 0.9, burn: 0 },
  ])('AS-21 $bad bad of $total at $objective burn at $burn', ({ bad, total, objective, burn }) => {
    expect(burnRate({ bad, total }, objective)).toBeCloseTo(burn, 9);
  });

  test('AS-21 is the observed bad ratio over the allowed one: it grows with bad events and with the objective', () => {
    fc.assert(
      fc.property(events, objectives, objectives, (seen, one, other) => {
        const [lower, higher] = [Math.min(one, other), Math.max(one, other)];
        const burn = burnRate(seen, lower) ?? Number.NaN;
        expect(burn * (1 - lower)).toBeCloseTo(seen.bad / seen.total, 9);
        expect(burnRate(seen, higher)).toBeGreaterThanOrEqual(burn);
        expect(burnRate({ ...seen, bad: seen.bad / 2 }, lower)).toBeLessThanOrEqual(burn);
      }),
    );
  });

  test('AS-21 does not depend on how many events there were, only on the ratio', () => {
    fc.assert(
      fc.property(events, objectives, fc.integer({ min: 2, max: 1_000 }), (seen, objective, by) => {
        const scaled = { bad: seen.bad * by, total: seen.total * by };
        expect(burnRate(scaled, objective)).toBeCloseTo(burnRate(seen, objective) ?? -1, 6);
      }),
    );
  });

  test('is unknown, not zero, when nothing was observed', () => {
    expect(burnRate({ bad: 0, total: 0 }, 0.99)).toBeNull();
  });
});

describe('budgetRemainingRatio', () => {
  test('AS-22 a new SLO has its whole budget', () => {
    fc.assert(
      fc.property(objectives, (objective) => {
        expect(budgetRemainingRatio({ bad: 0, total: 0 }, objective)).toBe(1);
      }),
    );
  });

  test('AS-22 the budget is counted in events: all of it is left without a bad one, none after exactly the allowed number, less than none beyond', () => {
    fc.assert(
      fc.property(objectives, fc.integer({ min: 1, max: 1_000_000 }), (objective, total) => {
        const allowed = total * (1 - objective);
        expect(budgetRemainingRatio({ bad: 0, total }, objective)).toBe(1);
        expect(budgetRemainingRatio({ bad: allowed, total }, objective)).toBeCloseTo(0, 9);
        expect(budgetRemainingRatio({ bad: allowed * 2, total }, objective)).toBeCloseTo(-1, 9);
      }),
    );
  });
});
