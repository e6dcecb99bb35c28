import { describe, expect, test } from '@jest/globals';
import { compareGaps } from '../../../core/analysis/compare-durations.ts';
import { usualHistory } from '../../../core/analysis/usual-history.ts';

const times = Array.from({ length: 6 }, (_one, place) => ({
  startAt: place * 1_000,
  endAt: place * 1_000 + 100,
}));
/** Four values in each time: 10, but for the times that are given. */
const measured = (bad: Readonly<Record<number, number>>) =>
  times.flatMap(({ startAt }, place) =>
    [0, 1, 2, 3].map((more) => ({ at: startAt + more, value: bad[place] ?? 10 + more })),
  );

describe('usualHistory', () => {
  test('leaves out the times that were bad themselves', () => {
    const usual = usualHistory(measured({ 2: 900, 4: 700 }), times, 4);
    expect(usual).toHaveLength(16);
    expect(Math.max(...usual)).toBe(13);
  });

  test('keeps all of a history that is too short to be told from what is bad in it', () => {
    expect(usualHistory(measured({ 2: 900 }), times.slice(0, 4), 4)).toHaveLength(16);
  });

  test('keeps what differs by less than matters', () => {
    expect(usualHistory(measured({ 2: 16 }), times, 4)).toHaveLength(24);
  });
});

describe('compareGaps', () => {
  const near = Array.from({ length: 40 }, (_one, place) => 5 + (place % 4));

  test('sees that every call comes late', () => {
    // The median moves from 6.5 ms by 100 ms; the scale is the floor of 5 ms.
    const shift = compareGaps(
      near,
      near.map((value) => value + 100),
    );
    expect(shift).toMatchObject({ direction: 'up', before: 6.5, after: 106.5 });
    // 20 times the scale, which counts as 10 · (1 + ln 2).
    expect(shift?.score).toBeCloseTo(16.93, 2);
  });

  test('is not moved by a quarter of the calls that wait their turn', () => {
    const some = near.map((value, place) => (place % 4 === 0 ? value + 200 : value));
    expect(compareGaps(near, some)?.score).toBeLessThan(0.5);
  });

  test('says nothing of fewer than five calls', () => {
    expect(compareGaps(near, [900, 900, 900, 900])).toBeNull();
  });
});
