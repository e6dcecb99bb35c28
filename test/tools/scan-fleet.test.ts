import { describe, expect, test } from '@jest/globals';
import { aggregationPolicy } from '../../agents/aggregation/policy.ts';
import { AppError } from '../../core/errors.ts';
import type { ObservedCall } from '../../core/ports/policy.ts';
import type { FleetOutlier, OutliersQuery, Warehouse } from '../../core/ports/telemetry.ts';
import type { Brief } from '../../core/schemas/brief.ts';
import { scanFleet } from '../../tools/metrics/scan-fleet.ts';
import { contextOf } from './memory-telemetry.ts';

const window = { startAt: 1_790_000_000_000, endAt: 1_790_000_600_000 };
const suspected = { earliestAt: window.startAt + 300_000, latestAt: window.startAt + 310_000 };

const outlier = (service: string, score: number): FleetOutlier => ({
  metric: 'process.cpu.utilization',
  ...{ service, score },
  statistic: null,
  unit: '1',
  kind: 'gauge',
  before: 0.1,
  after: 0.9,
  support: 30,
});

function warehouseOf(rows: readonly FleetOutlier[], asked: OutliersQuery[] = []): Warehouse {
  return {
    findOutliers: (query) => {
      asked.push(query);
      return Promise.resolve({ rows, query: 'SELECT', source: 'BigQuery', truncated: null });
    },
  };
}

function scan(warehouse: Warehouse | undefined) {
  const context = contextOf({ window }, suspected);
  const telemetry = { ...context.telemetry, ...(warehouse === undefined ? {} : { warehouse }) };
  return scanFleet.run({}, { ...context, telemetry, callKey: 'inv-1/aggregation.1.observe.1' });
}

describe('scan-fleet', () => {
  test('AU-02: asks the warehouse once, and names the services of the outliers, strongest first', async () => {
    const asked: OutliersQuery[] = [];
    const rows = [outlier('payments', 20), outlier('gateway', 5), outlier('cache', 1)];
    const result = await scan(warehouseOf(rows, asked));
    if (!result.ok) throw new Error(result.message);
    expect(asked).toEqual([
      {
        window,
        suspectedAt: suspected.earliestAt,
        limit: 100,
        callKey: 'inv-1/aggregation.1.observe.1',
      },
    ]);
    expect(result.digest.coverage).toEqual([
      { kind: 'fleet', rows: 2, services: ['payments', 'gateway'] },
    ]);
    expect(result.evidence).toHaveLength(1);
  });

  test('says that there is no warehouse where there is none', async () => {
    expect(await scan(undefined)).toMatchObject({ ok: false, code: 'not-found.data' });
  });
});

describe('the aggregation specialist with a warehouse', () => {
  const brief: Brief = {
    investigationId: 'inv-1',
    question: null,
    alert: { title: 'slow', severity: 'error', labels: {} },
    ...{ window, suspected },
    symptomatic: true,
    entity: { kind: 'service', name: 'gateway' },
    services: ['gateway'],
    coverage: [
      { kind: 'metrics', rows: 100, services: [] },
      { kind: 'warehouse', rows: 1, services: [] },
    ],
    opsServices: [],
  };
  const decideAfter = (observed: ObservedCall['observed']) =>
    aggregationPolicy.decide({
      brief,
      observations: [
        {
          observed,
          role: 'aggregation',
          round: 1,
          call: { tool: 'scan-fleet', input: {}, because: '' },
        },
      ],
      findings: [],
      orientation: { hypotheses: [], openQuestions: [] },
      round: 1,
      mustConclude: null,
      question: null,
      asked: 0,
    }).decision;

  test('AU-02: looks over the fleet first', () => {
    expect(aggregationPolicy.open(brief).map(({ tool }) => tool)).toEqual(['scan-fleet']);
    const without = { ...brief, coverage: brief.coverage.slice(0, 1) };
    expect(aggregationPolicy.open(without).map(({ tool }) => tool)).toEqual(['scan-metrics']);
  });

  test('AU-02: then looks closely at the outliers and at who hurts, and at no others', async () => {
    const result = await scan(warehouseOf([outlier('payments', 20)]));
    if (!result.ok) throw new Error(result.message);
    const { digest } = result;
    expect(decideAfter({ ok: true, tool: 'scan-fleet', evidenceIds: [], digest })).toMatchObject({
      kind: 'look',
      calls: [{ tool: 'scan-metrics', input: { services: ['gateway', 'payments'] } }],
    });
  });

  test('looks at all of them where the warehouse does not answer', () => {
    const { code, message } = new AppError('budget-exceeded.query-cost', 'too much');
    expect(decideAfter({ ok: false, tool: 'scan-fleet', code, message })).toMatchObject({
      kind: 'look',
      calls: [{ tool: 'scan-metrics', input: {} }],
    });
  });
});
