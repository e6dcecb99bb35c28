import { describe, expect, test } from '@jest/globals';
import { hullOf } from '../../../../core/analysis/stretches.ts';
import { dailyCycleOf } from '../../../../core/analysis/metrics/daily-cycle.ts';
import { seriesShift } from '../../../../core/analysis/metrics/series-shift.ts';
import { clearScore } from '../../../../core/analysis/shift.ts';
import type { Series } from '../../../../core/ports/telemetry.ts';
import { createRandom, normal } from '../random.ts';
import { series } from './series.ts';

const dayMs = 86_400_000;
const everyMs = 300_000;
const hourMs = 3_600_000;
/** Four days, then the noon of the fifth. */
const endAt = 4 * dayMs + 12 * hourMs;
const split = {
  baseline: [{ startAt: 0, endAt: endAt - hourMs }],
  after: [{ startAt: endAt - hourMs, endAt }],
};

/** A level every five minutes: 50, 40 more at noon and 40 less at midnight, with some noise; `bend` says what becomes of one. */
function days(bend: (level: number, at: number) => number = (level) => level): Series {
  const random = createRandom(61);
  const atMs = Array.from({ length: endAt / everyMs }, (_unused, index) => index * everyMs);
  const values = atMs.map((at) =>
    bend(50 - 40 * Math.cos((2 * Math.PI * at) / dayMs) + normal(random), at),
  );
  return { ...series({ metric: 'process.cpu.utilization', unit: '%' }, values), atMs };
}

describe('dailyCycleOf', () => {
  test('gives the median of each half-hour of the day', () => {
    const steps = days((_level, at) => 10 + 40 * Math.floor((3 * (at % dayMs)) / dayMs));
    const cycle = dailyCycleOf(steps, split.baseline);
    const usual = [1, 13, 17].map((hour) => cycle?.usualAt(5 * dayMs + hour * hourMs));
    expect(usual).toEqual([10, 50, 90]);
    // The median of 40 hours of 10, 35 of 50 and 32 of 90; nothing else is left.
    expect(new Set(cycle?.flattened.values)).toEqual(new Set([50]));
  });

  test('is null for less than three days, for noise and for a constant', () => {
    const { atMs, values } = days();
    expect(dailyCycleOf({ atMs, values }, [{ startAt: 0, endAt: 2 * dayMs }])).toBeNull();
    const random = createRandom(62);
    expect(
      dailyCycleOf(
        days(() => normal(random)),
        split.baseline,
      ),
    ).toBeNull();
    expect(
      dailyCycleOf(
        days(() => 7),
        split.baseline,
      ),
    ).toBeNull();
  });
});

describe('a series with a daily cycle', () => {
  test('is as usual at its peak', () => {
    expect(seriesShift(days(), split)?.shift.score).toBeLessThan(clearScore / 2);
  });

  test('is out where it falls at noon to what is usual at night, told from what is usual at noon', () => {
    const found = seriesShift(
      days((level, at) => (at < hullOf(split.after).startAt ? level : level - 50)),
      split,
    );
    expect(found?.shift.score).toBeGreaterThan(clearScore);
    expect(found?.shift.direction).toBe('down');
    expect(found?.shift.before).toBeCloseTo(90, -1);
    expect(found?.shift.after).toBeCloseTo(40, -1);
    expect(found?.onset?.latestAt).toBeGreaterThanOrEqual(
      hullOf(split.after).startAt - 15 * 60_000,
    );
  });
});
