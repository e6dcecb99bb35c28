import { describe, expect, test } from '@jest/globals';
import { discountOlder } from '../../../core/analysis/older-shift.ts';
import { splitAgainst } from '../../../core/analysis/split-window.ts';

const window = { startAt: 100, endAt: 160 };
const suspected = { earliestAt: 130, latestAt: 131 };
const shift = { direction: 'up', before: 10, after: 50, score: 8, support: 3 } as const;
const atMs = [100, 110, 120, 130, 140, 150];

/** A shift from 10 to 50 against a healthy time, with what a series showed in the window. */
const scoreOf = (values: readonly number[], healthy = { startAt: 900, endAt: 990 }): number => {
  const split = splitAgainst([healthy], window, suspected);
  if (split === null) throw new Error('there is a healthy time');
  return discountOlder(shift, { atMs, values }, split).score;
};

describe('discountOlder', () => {
  test.each([
    ['was so all the while before', [48, 52, 50, 50, 50, 50], 2],
    ['was more than half so all the while', [31, 35, 40, 50, 50, 50], 2],
    ['began with what is suspected', [10, 11, 10, 50, 50, 50], 8],
    ['began a little earlier than what is suspected', [10, 11, 45, 50, 50, 50], 8],
    ['grew', [15, 25, 35, 45, 50, 55], 8],
    ['was known by one sample only', [Number.NaN, Number.NaN, 50, 50, 50, 50], 8],
  ])('what %s', (_what, values, score) => {
    expect(scoreOf(values)).toBe(score);
  });

  test('a healthy time that reaches into the window is what came before', () => {
    expect(scoreOf([50, 50, 50, 50, 50, 50], { startAt: 60, endAt: 125 })).toBe(8);
  });
});
