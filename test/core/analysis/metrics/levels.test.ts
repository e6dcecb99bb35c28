import { describe, expect, test } from '@jest/globals';
import { levelsOf } from '../../../../core/analysis/metrics/levels.ts';
import { meaningOf } from '../../../../core/analysis/metrics/metric-meaning.ts';
import type { Series } from '../../../../core/ports/telemetry.ts';
import { series } from './series.ts';

function read(parts: Partial<Series> & Pick<Series, 'metric'>, values: readonly number[]) {
  const one = series(parts, values);
  const { levels, unit } = levelsOf(one, meaningOf(one));
  return { values: levels.values, unit };
}

/** Samples stand five seconds apart. */
describe('levelsOf', () => {
  test('leaves a level as it is', () => {
    expect(read({ metric: 'memory.usage', unit: 'By' }, [5, 7])).toEqual({
      values: [5, 7],
      unit: 'By',
    });
  });

  test('turns a running total into a rate a second, also over a reset', () => {
    const counter = { metric: 'jobs_total', kind: 'counter' as const, unit: '{job}' };
    // 10 in five seconds, then anew and 5 counted since, then 20.
    expect(read(counter, [0, 10, 5, 25])).toEqual({ values: [2, 1, 4], unit: '{job}/s' });
  });

  test('takes seconds of a processor a second for its utilisation', () => {
    const cpu = { metric: 'process.cpu.time', kind: 'counter' as const, unit: 's' };
    expect(read(cpu, [0, 1, 4.5])).toEqual({ values: [0.2, 0.7], unit: '1' });
  });

  test('knows counts of an interval from a total that was not called one', () => {
    const count = { metric: 'jobs', statistic: 'count', unit: '{job}' };
    expect(read(count, [3, 1, 2, 4, 1, 3, 2, 5]).values).toEqual([3, 1, 2, 4, 1, 3, 2, 5]);
    expect(read(count, [5, 10, 15, 20, 25, 30, 35, 40]).values).toEqual([1, 1, 1, 1, 1, 1, 1]);
  });

  test('turns a share of success into what failed, of one or of a hundred', () => {
    expect(read({ metric: 'availability', unit: '%' }, [100, 80])).toEqual({
      values: [0, 20],
      unit: '%',
    });
    expect(read({ metric: 'success_rate', unit: '1' }, [1, 0.75])).toEqual({
      values: [0, 0.25],
      unit: '1',
    });
  });

  test('counts restarts from the first sample, and an uptime that falls back as one', () => {
    expect(read({ metric: 'restarts' }, [7, 7, 9]).values).toEqual([0, 0, 2]);
    expect(read({ metric: 'process.uptime', unit: 's' }, [50, 55, 2, 7, 1])).toEqual({
      values: [0, 0, 1, 1, 2],
      unit: '{restart}',
    });
  });
});
