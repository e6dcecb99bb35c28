import { describe, expect, test } from '@jest/globals';
import { sayClockSkews } from '../../../../core/analysis/traces/clock-skew.ts';
import type { Span } from '../../../../core/ports/telemetry.ts';
import { span } from './spans.ts';

/** Calls from checkout to payments, which lies in the middle of what checkout waited but for its clock. */
function calls(
  skewMs: number,
  { count = 30, status = 'unset' }: Partial<{ count: number; status: Span['status'] }> = {},
) {
  return Array.from({ length: count }, (_, index) => {
    const [traceId, startAt] = [`call-${index}`, index * 10_000];
    return [
      span({
        spanId: 'a',
        traceId,
        startAt,
        service: 'checkout',
        kind: 'client',
        durationMs: 50,
        status,
      }),
      span({
        ...{ spanId: 'b', parentSpanId: 'a', traceId, service: 'payments', durationMs: 30, status },
        startAt: startAt + 10 + skewMs,
      }),
    ];
  }).flat();
}

describe('clocks that differ by seconds', () => {
  test.each([
    [3_200, ['the clock of payments is about 3.2 s ahead of that of checkout']],
    [-2_000, ['the clock of payments is about 2.0 s behind that of checkout']],
    [400, []],
    [0, []],
  ])('by %d ms', (skewMs, says) => {
    expect(sayClockSkews(calls(skewMs))).toEqual(says);
  });

  test('are not concluded from calls that the caller gave up, nor from a few', () => {
    expect(sayClockSkews(calls(3_000, { status: 'error' }))).toEqual([]);
    expect(sayClockSkews(calls(3_000, { count: 19 }))).toEqual([]);
  });
});
