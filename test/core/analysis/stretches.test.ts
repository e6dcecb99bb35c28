import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createRecorder } from '../../../core/analysis/recorded.ts';
import {
  common,
  countInParts,
  hullOf,
  insideOf,
  isInside,
  isWithin,
  joined,
  placeIn,
  secondsOf,
} from '../../../core/analysis/stretches.ts';

const windows = fc.array(
  fc
    .tuple(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 0, max: 300 }))
    .map(([one, other]) => ({ startAt: Math.min(one, other), endAt: Math.max(one, other) })),
  { maxLength: 8 },
);
const instant = fc.integer({ min: -5, max: 305 });

describe('stretches', () => {
  test('hold the instants of the windows that they were made of, and no others', () => {
    fc.assert(
      fc.property(windows, instant, (list, at) => {
        const stretches = joined(list);
        expect(isInside(stretches, at)).toBe(list.some((one) => isWithin(one, at)));
        expect(placeIn(stretches)(at) !== null).toBe(isInside(stretches, at));
      }),
    );
  });

  test('tell the same of instants one after the other, in any order', () => {
    fc.assert(
      fc.property(windows, fc.array(instant), (list, instants) => {
        const stretches = joined(list);
        const wanted = instants.map((at) => isInside(stretches, at));
        expect(instants.map(insideOf(stretches))).toEqual(wanted);
      }),
    );
  });

  test('have in common what lies in both', () => {
    fc.assert(
      fc.property(windows, windows, instant, (some, others, at) => {
        const [one, other] = [joined(some), joined(others)];
        const both = isInside(one, at) && isInside(other, at);
        expect(isInside(common(one, other), at)).toBe(both);
      }),
    );
  });

  test('are counted in equal parts laid end to end', () => {
    const stretches = [
      { startAt: 0, endAt: 10 },
      { startAt: 100, endAt: 110 },
    ];
    expect(countInParts(stretches, 4, [0, 4, 5, 9, 50, 100, 104, 109, 110])).toEqual([2, 2, 2, 1]);
    expect(secondsOf(stretches)).toBe(0.02);
    expect(hullOf(stretches)).toEqual({ startAt: 0, endAt: 110 });
  });
});

describe('createRecorder', () => {
  const minute = 60_000;
  const recordedIn = (minutes: readonly number[]) => {
    const recorder = createRecorder();
    for (const one of minutes) {
      for (let second = 0; second < 60; second += 5) recorder.add(one * minute + second * 1_000);
    }
    return recorder.stretches();
  };

  test('finds the times of which there are records where most of the time there are none', () => {
    expect(recordedIn([0, 1, 10, 30])).toEqual([
      { startAt: 0, endAt: 2 * minute },
      { startAt: 10 * minute, endAt: 11 * minute },
      { startAt: 30 * minute, endAt: 31 * minute },
    ]);
  });

  test('takes a silence for one where there are records most of the time', () => {
    expect(recordedIn([0, 1, 2, 3, 4, 5, 9])).toBeNull();
    expect(recordedIn([0])).toBeNull();
    expect(createRecorder().stretches()).toBeNull();
  });
});
