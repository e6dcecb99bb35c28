import { describe, expect, test } from '@jest/globals';
import { judge } from '../../../agents/root-cause/judge.ts';
import type { ObservedCall } from '../../../core/ports/policy.ts';
import { digestSchema } from '../../../core/schemas/digest.ts';
import type { Observation } from '../../../core/schemas/digest.ts';
import type { FaultKind } from '../../../core/schemas/fault-kind.ts';
import { dated, front, onsetAt, shift, window } from '../support/world.ts';

const brief = {
  ...{ investigationId: 'inv-1', question: null, window, symptomatic: true, entity: front },
  suspected: { earliestAt: onsetAt - 1_000, latestAt: onsetAt + 1_000 },
  alert: { title: 'It hurts', severity: 'critical' as const, labels: {} },
  ...{ services: [], coverage: [], opsServices: [] },
};

const call = (tool: string, ...observations: readonly Observation[]): ObservedCall => ({
  ...{ role: 'change', round: 1, call: { tool, input: {}, because: '' } },
  observed: {
    ...{ ok: true, tool, evidenceIds: [`ev-${tool}`] },
    digest: digestSchema.parse({ tool, observations }),
  },
});
const states = (tool: string, faultKind: FaultKind, score: number): ObservedCall =>
  call(tool, shift({ entity: front, aspect: 'condition', name: faultKind, faultKind, score }));
const fails = (score: number): ObservedCall =>
  call(
    'compare-traces',
    dated({ entity: front, aspect: 'error-ratio', score }),
    dated({ entity: front, aspect: 'own-error', score }),
  );
const chargedWith = (...seen: readonly ObservedCall[]): FaultKind | undefined =>
  judge(brief, seen).charges[0]?.faultKind;

describe('what fails and states a fault is charged', () => {
  test('with what its lines state where that is at least half as loud', () => {
    expect(chargedWith(fails(12), states('cluster-logs', 'schema-change', 6))).toBe(
      'schema-change',
    );
    expect(chargedWith(fails(13), states('cluster-logs', 'schema-change', 6))).toBe('code-defect');
  });

  test('with what the platform states as the reason, however seldom', () => {
    expect(chargedWith(fails(30), states('list-events', 'memory-exhaustion', 5))).toBe(
      'memory-exhaustion',
    );
  });

  test('not with what the platform states only of how it ends, unless that is loud', () => {
    expect(chargedWith(fails(30), states('list-events', 'crash', 7))).toBe('code-defect');
    expect(chargedWith(fails(12), states('list-events', 'crash', 7))).toBe('crash');
  });
});

describe('what is slow in itself is charged with its processor', () => {
  const isSlow = call(
    'compare-traces',
    dated({ entity: front, aspect: 'duration', score: 30 }),
    dated({ entity: front, aspect: 'self-time', score: 30 }),
  );
  const measured = {
    ...brief,
    coverage: [{ kind: 'metrics', rows: 1_000, services: ['front'] }],
  };
  const chargedAt = (
    before: number,
    after: number,
    { unit = '1', others = [] }: { unit?: string; others?: readonly Observation[] } = {},
  ): FaultKind | undefined => {
    const usage = shift({ entity: front, aspect: 'cpu', before, after, unit, score: 7 });
    return judge(measured, [isSlow, call('scan-metrics', usage, ...others)]).charges[0]?.faultKind;
  };

  test('where that is saturated, however loud the delays are', () => {
    expect(chargedAt(0.06, 0.96)).toBe('cpu-saturation');
    expect(chargedAt(6, 96, { unit: '%' })).toBe('cpu-saturation');
  });

  test('where that is saturated, and the delays of its event loop are louder too', () => {
    const loop = { entity: front, aspect: 'event-loop', unit: 's', before: 0.01 } as const;
    const others = [shift({ ...loop, after: 0.05, score: 12 })];
    expect(chargedAt(0.06, 0.96, { others })).toBe('cpu-saturation');
  });

  test('not where another resource moved more than twice as far', () => {
    const memory = shift({
      ...{ entity: front, aspect: 'memory', unit: 'By', before: 2e7, after: 2e8 },
    });
    expect(chargedAt(0.06, 0.96, { others: [{ ...memory, score: 15 }] })).toBe('unknown');
    expect(chargedAt(0.06, 0.96, { others: [{ ...memory, score: 14 }] })).toBe('cpu-saturation');
  });

  test('not where there is room left', () => {
    expect(chargedAt(0.06, 0.4)).toBe('unknown');
  });

  test('not where it was as busy before', () => {
    expect(chargedAt(0.75, 0.97)).toBe('unknown');
  });
});
