import { describe, expect, test } from '@jest/globals';
import { clearScore } from '../../../../core/analysis/shift.ts';
import { compareFanOut } from '../../../../core/analysis/traces/compare-fan-out.ts';
import type { CallFact, OperationFact } from '../../../../core/analysis/traces/trace-facts.ts';

const split = {
  baseline: [{ startAt: 0, endAt: 90_000 }],
  after: [{ startAt: 90_000, endAt: 150_000 }],
};

/** Requests every `everyMs`; each makes one call, and `attempts` of them from the onset on. */
function serve(everyMs: (startAt: number) => number, attempts: number) {
  const operations: OperationFact[] = [];
  const calls: CallFact[] = [];
  for (let startAt = 0; startAt < 150_000; startAt += everyMs(startAt)) {
    operations.push({
      traceId: `t${startAt}`,
      service: 'checkout',
      operation: 'POST /orders',
      startAt,
      durationMs: 50,
      selfMs: 5,
      isRoot: false,
      origin: null,
      givenUp: null,
      steps: [],
    });
    for (let attempt = 0; attempt < (startAt < 90_000 ? 1 : attempts); attempt += 1) {
      calls.push({
        service: 'checkout',
        peer: { kind: 'service', name: 'payments' },
        operation: 'POST /charges',
        startAt: startAt + attempt,
        durationMs: 5,
        calleeMs: 3,
        isError: false,
      });
    }
  }
  return { operations, calls };
}

describe('compareFanOut', () => {
  test('tells calls that are sent again from calls for more requests', () => {
    const storm = serve(() => 200, 12);
    const [again] = compareFanOut(storm.operations, storm.calls, split);
    expect(again).toMatchObject({ peer: { name: 'payments' }, shift: { before: 1, after: 12 } });
    expect(again?.shift.score).toBeGreaterThan(clearScore);
    const surge = serve((startAt) => (startAt < 90_000 ? 200 : 20), 1);
    expect(compareFanOut(surge.operations, surge.calls, split)[0]?.shift.score).toBeLessThan(1);
  });

  test('says nothing of a handful of requests', () => {
    const few = serve(() => 20_000, 12);
    expect(compareFanOut(few.operations, few.calls, split)).toEqual([]);
  });
});
