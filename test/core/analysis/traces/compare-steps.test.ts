import { describe, expect, test } from '@jest/globals';
import { clearScore } from '../../../../core/analysis/shift.ts';
import { compareSteps } from '../../../../core/analysis/traces/compare-steps.ts';
import type { OperationFact } from '../../../../core/analysis/traces/trace-facts.ts';

const split = {
  baseline: [{ startAt: 0, endAt: 100 }],
  after: [{ startAt: 100, endAt: 200 }],
};

/** A request a unit of time, with the steps that `stepsAt` says. */
function serve(stepsAt: (startAt: number) => readonly string[]): readonly OperationFact[] {
  return Array.from({ length: 200 }, (_unused, startAt) => ({
    traceId: `t${startAt}`,
    service: 'orders',
    operation: 'POST /orders',
    startAt,
    durationMs: 10,
    selfMs: 5,
    isRoot: true,
    origin: null,
    givenUp: null,
    steps: stepsAt(startAt),
  }));
}

describe('compareSteps', () => {
  test('finds the step that requests end before, and no other', () => {
    const early = serve((startAt) => (startAt < 100 ? ['check', 'charge'] : ['check']));
    const found = compareSteps(early, split).find(({ step }) => step === 'charge');
    const others = compareSteps(early, split).filter(({ step }) => step !== 'charge');
    expect(found).toMatchObject({
      operation: 'POST /orders',
      step: 'charge',
      shift: { direction: 'up', before: 0, after: 1 },
    });
    expect(found?.shift.score).toBeGreaterThan(clearScore);
    expect(others.every(({ shift }) => shift.score < 1)).toBe(true);
  });

  test('says nothing of steps that were rare, are new, or of requests that are few', () => {
    const rare = serve((startAt) => (startAt % 20 === 0 && startAt < 100 ? ['audit'] : []));
    expect(compareSteps(rare, split)).toEqual([]);
    const added = serve((startAt) => (startAt < 100 ? [] : ['audit']));
    expect(compareSteps(added, split)).toEqual([]);
    const few = serve(() => ['charge']).filter(({ startAt }) => startAt < 105);
    expect(compareSteps(few, split)).toEqual([]);
  });
});
