import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  hasLikeLoad,
  splitAgainst,
  splitOfRecorded,
  splitWindow,
} from '../../../core/analysis/split-window.ts';
import { hullOf, isInside } from '../../../core/analysis/stretches.ts';

const window = { startAt: 0, endAt: 1_000 };

describe('splitWindow', () => {
  test('leaves the doubtful interval out while enough remains behind it', () => {
    expect(splitWindow(window, { earliestAt: 600, latestAt: 650 })).toEqual({
      baseline: [{ startAt: 0, endAt: 600 }],
      after: [{ startAt: 650, endAt: 1_000 }],
    });
  });

  test('begins earlier where the interval reaches to the end of the window', () => {
    expect(splitWindow(window, { earliestAt: 600, latestAt: 990 })?.after).toEqual([
      { startAt: 900, endAt: 1_000 },
    ]);
    expect(splitWindow(window, { earliestAt: 990, latestAt: 990 })).toEqual({
      baseline: [{ startAt: 0, endAt: 900 }],
      after: [{ startAt: 900, endAt: 1_000 }],
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
        const [baseline, after] = [hullOf(split.baseline), hullOf(split.after)];
        expect(baseline.startAt).toBe(window.startAt);
        expect(after.endAt).toBe(window.endAt);
        expect(after.startAt).toBeGreaterThanOrEqual(baseline.endAt);
        expect(after.endAt).toBeGreaterThan(after.startAt);
        expect(isInside(split.baseline, after.startAt)).toBe(false);
      }),
    );
  });
});

describe('splitAgainst', () => {
  const suspected = { earliestAt: 600, latestAt: 650 };

  test('takes every healthy time outside what is suspected, in order of time', () => {
    const short = { startAt: -300, endAt: -200 };
    const long = { startAt: 2_000, endAt: 9_000 };
    const overlapping = { startAt: 500, endAt: 700 };
    expect(splitAgainst([long, overlapping, short], window, suspected)).toEqual({
      baseline: [short, long],
      after: [{ startAt: 600, endAt: 1_000 }],
    });
    expect(splitAgainst([overlapping], window, suspected)).toBeNull();
  });

  test('keeps the times of which there are records', () => {
    const split = {
      baseline: [{ startAt: 0, endAt: 500 }],
      after: [{ startAt: 600, endAt: 1_000 }],
    };
    const recorded = [
      { startAt: 100, endAt: 200 },
      { startAt: 450, endAt: 700 },
    ];
    expect(splitOfRecorded(split, recorded)).toEqual({
      baseline: [
        { startAt: 100, endAt: 200 },
        { startAt: 450, endAt: 500 },
      ],
      after: [{ startAt: 600, endAt: 700 }],
    });
    expect(splitOfRecorded(split, [{ startAt: 0, endAt: 500 }])).toBeNull();
    expect(splitOfRecorded(split, null)).toBe(split);
  });
});

describe('hasLikeLoad', () => {
  const after = [{ startAt: 10_000, endAt: 11_000 }];
  const isLike = (...baseline: readonly (readonly [number, number])[]): boolean =>
    hasLikeLoad({
      baseline: baseline.map(([startAt, endAt]) => ({ startAt, endAt })),
      after,
    });

  test('tells whether as many requests can be expected on both sides', () => {
    expect(isLike([9_000, 10_000])).toBe(true);
    expect(isLike([0, 6_000])).toBe(true);
    expect(isLike([1_000, 1_060])).toBe(false);
    expect(isLike([90_000, 90_060])).toBe(false);
  });

  test('learns from many times how the load comes and goes', () => {
    const times = [1_000, 2_000, 3_000, 4_000, 5_000].map((at) => [at, at + 60] as const);
    expect(isLike(...times)).toBe(true);
    expect(isLike(...times.slice(1))).toBe(false);
  });
});
