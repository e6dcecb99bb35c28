import { describe, expect, test } from '@jest/globals';
import { conditionOfLevel } from '../../../../core/analysis/platform/level-rules.ts';
import type { Series } from '../../../../core/ports/telemetry.ts';

const minuteMs = 60_000;

const series = (metric: string, unit: string | null, values: readonly number[]): Series => ({
  service: 'ledger-db',
  instance: null,
  metric,
  statistic: 'avg',
  unit,
  kind: 'gauge',
  peer: null,
  attributes: {},
  atMs: values.map((_value, index) => index * minuteMs),
  values,
});
const nowOf = ({ values }: Series): number => values.length * minuteMs;
const calmThen = (calm: number, ...then: readonly number[]): readonly number[] => [
  ...Array.from({ length: 5 }, () => calm),
  ...then,
];

// Names and units as CloudWatch and the node exporter write them.
describe('a level', () => {
  test.each([
    ['cpu-saturation', series('CPUUtilization', 'Percent', calmThen(18, 91, 93, 95, 96))],
    [
      'memory-exhaustion',
      series('system_memory_utilization', '1', calmThen(0.5, 0.97, 0.98, 0.99)),
    ],
    ['memory-exhaustion', series('FreeableMemory', 'Bytes', calmThen(16e9, 2e8, 1e8, 9e7))],
    ['disk-full', series('FreeStorageSpace', 'Bytes', calmThen(2e11, 5e9, 2e9, 1e9))],
    ['disk-full', series('filesystem_usage', '1', calmThen(0.9, 0.96, 0.98, 1))],
    ['disk-io', series('DiskQueueDepth', 'Count', calmThen(0.1, 24, 38, 44))],
    ['disk-io', series('BurstBalance', 'Percent', calmThen(97, 3, 1, 0))],
    ['memory-exhaustion', series('node_memory_SwapFree_bytes', 'By', calmThen(2e9, 9e7, 0, 0))],
    ['replication-lag', series('ReplicaLag', 'Seconds', calmThen(1, 90, 180, 300))],
  ])('beyond which it is %s', (faultKind, one) => {
    expect(conditionOfLevel(one, nowOf(one))).toMatchObject({
      faultKind,
      entity: { name: 'ledger-db' },
      firstAt: 5 * minuteMs,
      isOver: false,
    });
  });

  test.each([
    ['is not reached', series('CPUUtilization', 'Percent', calmThen(18, 60, 70, 80))],
    ['was left again', series('CPUUtilization', 'Percent', [20, 95, 96, 97, 30])],
    ['is nothing of nothing', series('node_memory_SwapFree_bytes', 'By', calmThen(0, 0, 0, 0))],
    ['never was otherwise', series('DiskQueueDepth', 'Count', calmThen(14, 14, 13, 14))],
    ['was so before', series('ReplicaLag', 'Seconds', calmThen(90, 90, 30, 90, 91, 92))],
    ['is hardly worse than usual', series('CPUUtilization', 'Percent', calmThen(84, 86, 87, 86))],
    ['is as usual', series('mem_free', 'By', [1e10, 2e8, 2e8, 2e8, 2e8, 6e8, 2e8, 2e8, 2e8])],
    ['is what is usual anyhow', series('swap_mem_free', 'By', [2e9, ...calmThen(0, 3e8, 0, 0, 0)])],
    ['was full anyhow', series('disk_usage', '1', calmThen(1, 0.9, 1, 1, 1))],
    ['came after nothing else', series('volume_usage', '1', [0.99, 1, 1, 1])],
    [
      'is where it always stands',
      series(
        'CPUUtilization',
        'Percent',
        Array.from({ length: 90 }, () => 95),
      ),
    ],
    [
      'has a unit that every object has a property of',
      series('CPUUtilization', 'constructor', calmThen(1, 95, 95, 95)),
    ],
    ['is of a metric nothing is known of', series('orders', 'Count', calmThen(1, 900, 900, 900))],
  ])('says nothing that %s', (_what, one) => {
    expect(conditionOfLevel(one, nowOf(one))).toBeNull();
  });

  test('is the same however samples of one instant come', () => {
    const one = series('CPUUtilization', 'Percent', calmThen(18, 91, 93, 95, 96));
    const atMs = one.atMs.map((at, index) => (index === 7 ? (one.atMs[8] ?? at) : at));
    const other = { ...one, atMs, values: [...one.values.slice(0, 7), 96, 95] };
    expect(conditionOfLevel(other, nowOf(one))).toEqual(
      conditionOfLevel({ ...one, atMs }, nowOf(one)),
    );
  });

  test('says nothing when its last sample is old', () => {
    const one = series('CPUUtilization', 'Percent', calmThen(18, 91, 93, 95));
    expect(conditionOfLevel(one, nowOf(one) + 3_600_000)).toBeNull();
  });
});
