import { describe, expect, test } from '@jest/globals';
import { burnFactor, burnWindows } from '../../../../core/reliability/slo/burn-windows.ts';

describe('burnFactor', () => {
  // 30 days: The Site Reliability Workbook, chapter 5, table 5-8. 28 days: share · 28 d / long window, by hand.
  test.each([
    { windowDays: 30, factors: [14.4, 6] },
    { windowDays: 28, factors: [13.44, 5.6] },
    { windowDays: 7, factors: [3.36, 1.4] },
  ])(
    'AS-23 gives $factors for a compliance window of $windowDays days',
    ({ windowDays, factors }) => {
      const given = burnWindows.map((windows) => burnFactor(windows, windowDays));
      expect(given).toHaveLength(factors.length);
      for (const [index, factor] of factors.entries()) expect(given[index]).toBeCloseTo(factor, 9);
    },
  );

  test('AS-23 a long window filled at the factor spends its share of the budget', () => {
    for (const windows of burnWindows) {
      const spent = (burnFactor(windows, 30) * windows.longMs) / (30 * 86_400_000);
      expect(spent).toBeCloseTo(windows.budgetShare, 12);
    }
  });
});
