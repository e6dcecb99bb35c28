import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isWithin, splitWindow } from '../../../core/analysis/split-window.ts';

const window = { startAt: 0, endAt: 1_000 };

describe('splitWindow', () => {
  test('leaves the doubtful interval out while enough remains behind it', () => {
    expect(splitWindow(window, { earliestAt: 600, latestAt: 650 })).toEqual({
      baseline: { startAt: 0, endAt: 600 },
      after: { startAt: 650, endAt: 1_000 },
    });
  });

  test('begins earlier where the interval reaches to the end of the window', () => {
    expect(splitWindow(window, { earliestAt: 600, latestAt: 990 })?.after).toEqual({
      startAt: 900,
      endAt: 1_000,
    });
    expect(splitWindow(window, { earliestAt: 990, latestAt: 990 })).toEqual({
      baseline: { startAt: 0, endAt: 900 },
      after: { startAt: 900, endAt: 1_000 },
    });
  });

  test('has no answer without a baseline', () => {
    expect(splitWindow(window, { earliestAt: 0, latestAt: 1_000 })).toBeNull();
    expect(splitWindow(window, { earliestAt: -500, latestAt: 100 })).toBeNull();
    expect(splitWindow({ startAt: 5, endAt: 5 }, { earliestAt: 5, latestAt: 5 })).toBeNull();
  });

  test('never lets the parts overlap or leave the window', () => {
    fc.assert(
      fc.property(fc.double(), fc.double(), (one, other) => {
        const suspected = { earliestAt: Math.min(one, other), latestAt: Math.max(one, other) };
        const split = splitWindow(window, suspected);
        if (split === null) return;
        const { baseline, after } = split;
        expect(baseline.startAt).toBe(window.startAt);
        expect(after.endAt).toBe(window.endAt);
        expect(after.startAt).toBeGreaterThanOrEqual(baseline.endAt);
        expect(after.endAt).toBeGreaterThan(after.startAt);
        expect(isWithin(baseline, after.startAt)).toBe(false);
      }),
    );
  });
});
