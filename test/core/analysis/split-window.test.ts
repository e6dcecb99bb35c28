import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  hasLikeLoad,
  isWithin,
  splitsAgainst,
  splitWindow,
} from '../../../core/analysis/split-window.ts';

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

describe('splitsAgainst', () => {
  const suspected = { earliestAt: 600, latestAt: 650 };

  test('gives a split for each healthy window outside what is suspected, the longest first', () => {
    const short = { startAt: -300, endAt: -200 };
    const long = { startAt: 2_000, endAt: 9_000 };
    const overlapping = { startAt: 500, endAt: 700 };
    const splits = splitsAgainst([short, overlapping, long], window, suspected);
    expect(splits.map(({ baseline }) => baseline)).toEqual([long, short]);
    expect(splits.map(({ after }) => after)).toEqual([
      { startAt: 600, endAt: 1_000 },
      { startAt: 600, endAt: 1_000 },
    ]);
  });

  test('tells whether as many requests can be expected on both sides', () => {
    const after = { startAt: 10_000, endAt: 11_000 };
    expect(hasLikeLoad({ baseline: { startAt: 9_000, endAt: 10_000 }, after })).toBe(true);
    expect(hasLikeLoad({ baseline: { startAt: 0, endAt: 6_000 }, after })).toBe(true);
    expect(hasLikeLoad({ baseline: { startAt: 1_000, endAt: 1_060 }, after })).toBe(false);
    expect(hasLikeLoad({ baseline: { startAt: 90_000, endAt: 90_060 }, after })).toBe(false);
  });
});
