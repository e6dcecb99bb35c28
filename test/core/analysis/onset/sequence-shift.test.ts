import { describe, expect, test } from '@jest/globals';
import { compareProportions } from '../../../../core/analysis/compare-proportions.ts';
import { sequenceShift } from '../../../../core/analysis/onset/sequence-shift.ts';
import type { SequenceShift } from '../../../../core/analysis/onset/sequence-shift.ts';

/** So many of each value, one after the other. */
const runs = (...parts: readonly (readonly [count: number, value: number])[]): readonly number[] =>
  parts.flatMap(([count, value]) => Array.from({ length: count }, () => value));

function shiftOf(flags: readonly number[]): SequenceShift | null {
  const between = (from: number, to: number) => ({
    bad: flags.slice(from, to).reduce((sum, flag) => sum + flag, 0),
    total: to - from,
  });
  return sequenceShift(flags, (index, endIndex) =>
    compareProportions(between(0, index), between(index, endIndex)),
  );
}

describe('sequenceShift', () => {
  test('divides where the kind changes, up to the end', () => {
    expect(shiftOf(runs([30, 0], [30, 1]))).toMatchObject({
      index: 30,
      endIndex: 60,
      shift: { direction: 'up', before: 0, after: 1, support: 30 },
    });
  });

  test('ends where trouble that passed ended', () => {
    expect(shiftOf(runs([40, 0], [20, 1], [40, 0]))).toMatchObject({ index: 40, endIndex: 60 });
  });

  test('takes a long sequence in blocks: 900 values in runs of three', () => {
    expect(shiftOf(runs([450, 0], [450, 1]))).toMatchObject({ index: 450, endIndex: 900 });
  });

  test('is null where nothing changes, or not clearly', () => {
    expect(shiftOf(runs([60, 0]))).toBeNull();
    expect(sequenceShift(runs([30, 0], [30, 1]), () => null)).toBeNull();
    expect(shiftOf([])).toBeNull();
  });
});
