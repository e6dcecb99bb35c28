import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { restartsOf, riseBeforeRestart } from '../../../../core/analysis/metrics/before-restart.ts';
import { series } from './series.ts';

/** Read every five seconds; began anew right before the 21st reading. */
const uptime = series(
  { metric: 'process.uptime', unit: 's' },
  Array.from({ length: 24 }, (_unused, index) =>
    index < 20 ? 5 * index + 4 : 5 * (index - 20) + 2,
  ),
);
const memory = (values: readonly number[]) =>
  series(
    { metric: 'v8js.memory.heap.used', unit: 'By' },
    values.map((value) => value * 1e6),
  );

const steady = [22, 20, 25, 21, 23, 18, 21, 20, 22, 23, 27, 21, 27, 22, 25, 22];
const leaked = [...steady, 48, 78, 103, 130, 25, 24, 23, 26];

describe('memory before a restart', () => {
  test('restarts are dated by what the uptime says', () => {
    expect(restartsOf(uptime)).toEqual([98_000]);
    expect(restartsOf({ ...uptime, unit: 'ms', values: [9_000, 500] })).toEqual([4_500]);
  });

  test('what was given back is seen all the same', () => {
    const found = riseBeforeRestart(memory(leaked), [98_000]);
    expect(found?.shift).toMatchObject({ direction: 'up', before: 22e6 });
    expect(found?.shift.after).toBeGreaterThan(100e6);
    expect(found?.onset?.latestAt).toBeGreaterThanOrEqual(75_000);
    expect(found?.onset?.latestAt).toBeLessThan(98_000);
  });

  test('a restart without a rise says nothing of memory', () => {
    const calm = [...steady, ...steady.slice(0, 8)];
    expect(riseBeforeRestart(memory(calm), [98_000])).toBeNull();
    expect(riseBeforeRestart(memory(leaked), [])).toBeNull();
  });

  test('other metrics do not count', () => {
    const requests = series({ metric: 'requests.active', unit: '{request}' }, leaked);
    expect(riseBeforeRestart(requests, [98_000])).toBeNull();
  });

  test('is sound for any values', () => {
    const values = fc.array(fc.double(), { maxLength: 60 });
    const restarts = fc.array(fc.integer({ min: -1_000, max: 400_000 }), { maxLength: 4 });
    fc.assert(
      fc.property(values, restarts, (levels, at) => {
        const found = riseBeforeRestart(
          memory(levels),
          at.sort((one, other) => one - other),
        );
        if (found !== null) expect(Number.isFinite(found.shift.score)).toBe(true);
      }),
    );
  });
});
