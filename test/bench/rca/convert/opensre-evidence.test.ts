import { describe, expect, test } from '@jest/globals';
import { windowOf } from '../../../../bench/rca/convert/opensre.ts';
import {
  metricRows,
  podLogRows,
  rdsEventRow,
} from '../../../../bench/rca/convert/opensre-evidence.ts';

test('a metric is of the instance that its dimension names', () => {
  const metric = {
    ...{ metric_name: 'CPUUtilization', stat: 'Average', unit: 'Percent' },
    dimensions: [{ Value: 'orders-db' }],
    timestamps: ['2026-03-26T10:00:00Z', '2026-03-26T10:01:00Z'],
    values: [12, 97],
  };
  const shared = { metric: 'CPUUtilization', service: 'orders-db', statistic: 'Average' };
  expect(metricRows(metric)).toEqual([
    { ...shared, unit: 'Percent', time: '2026-03-26T10:00:00Z', value: 12 },
    { ...shared, unit: 'Percent', time: '2026-03-26T10:01:00Z', value: 97 },
  ]);
});

test('an event without categories still has a reason', () => {
  const event = { date: 't', message: 'm', source_identifier: 'db', source_type: 'db-instance' };
  expect(rdsEventRow({ ...event, event_categories: [] }).reason).toBe('event');
  expect(rdsEventRow({ ...event, event_categories: ['failure', 'backup'] }).reason).toBe(
    'failure, backup',
  );
});

test('lines of a pod without a time are left out', () => {
  const logs = '2026-04-18T10:30:01Z FATAL cannot start\n[container exited]\n';
  expect(podLogRows({ pod_name: 'api-1', logs }, 'api')).toEqual([
    {
      ...{ time: '2026-04-18T10:30:01Z', severity: 'FATAL', body: 'cannot start' },
      ...{ service: 'api', instance: 'api-1' },
    },
  ]);
});

describe('windowOf', () => {
  const nothing = { metrics: [], logs: [], events: [], state: [], alerts: [] };

  test('is half an hour at least and ends after the last of the evidence', () => {
    expect(windowOf({ ...nothing, logs: [{ time: '2026-04-18T10:30:00Z' }] })).toEqual({
      startAt: Date.parse('2026-04-18T10:01:00Z'),
      endAt: Date.parse('2026-04-18T10:31:00Z'),
    });
  });

  test('reaches back to what began on the same day, not to another', () => {
    const events = [
      { time: '2026-04-18T10:30:00Z', first_time: '2026-04-18T05:00:00Z' },
      { time: '2026-04-14T10:30:00Z' },
    ];
    expect(windowOf({ ...nothing, events }).startAt).toBe(Date.parse('2026-04-18T05:00:00Z'));
  });
});
