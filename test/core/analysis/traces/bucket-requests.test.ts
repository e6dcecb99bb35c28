import { describe, expect, test } from '@jest/globals';
import { bucketRequests } from '../../../../core/analysis/traces/bucket-requests.ts';
import type { OperationFact } from '../../../../core/analysis/traces/trace-facts.ts';

const window = { startAt: 0, endAt: 10_000 };

function requestAt(startAt: number, hasFailed = false): OperationFact {
  return {
    service: 'front',
    operation: 'GET /',
    startAt,
    durationMs: 10,
    origin: hasFailed ? 'own' : null,
  } as OperationFact;
}

/** Ten requests a second. */
const steady = (fromAt: number, untilAt: number): OperationFact[] =>
  Array.from({ length: (untilAt - fromAt) / 100 }, (_, index) => requestAt(fromAt + index * 100));

const timedRequest = (startAt: number, durationMs: number, hasFailed = false): OperationFact => ({
  ...{
    traceId: 't',
    service: 'shop',
    operation: 'GET /',
    selfMs: 0,
    isRoot: true,
    givenUp: null,
    steps: [],
  },
  ...{ startAt, durationMs, origin: hasFailed ? 'own' : null },
});

describe('bucketRequests', () => {
  test('gives rate, share of failed ones and duration of each part', () => {
    const failed = [requestAt(2_010, true), requestAt(2_020, true)];
    const { atMs, perSecond, errorRatio, p90Ms } = bucketRequests(
      [...steady(0, 10_000), ...failed],
      window,
      10,
    );
    expect(atMs).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map((second) => second * 1_000));
    expect(perSecond).toEqual([10, 10, 12, 10, 10, 10, 10, 10, 10, 10]);
    expect(errorRatio[2]).toBeCloseTo(2 / 12);
    expect(new Set(p90Ms)).toEqual(new Set([10]));
  });

  test('leaves out a part within which the recording begins or ends: one failure among two is no half of all', () => {
    const seen = [...steady(1_700, 8_200), requestAt(8_210, true)];
    const { perSecond, errorRatio } = bucketRequests(seen, window, 10);
    expect(perSecond).toEqual([0, Number.NaN, 10, 10, 10, 10, 10, 10, Number.NaN, 0]);
    expect(errorRatio.filter((ratio) => ratio > 0)).toEqual([]);
  });

  test('keeps every part where requests are few everywhere', () => {
    const seen = [requestAt(500), requestAt(5_500), requestAt(9_500, true)];
    const { errorRatio } = bucketRequests(seen, window, 10);
    expect(errorRatio.filter((ratio) => Number.isFinite(ratio))).toEqual([0, 0, 1]);
  });

  test('gives rate, error ratio and ninetieth percentile of each part, and NaN where nothing was asked', () => {
    const facts = [
      timedRequest(0, 10),
      timedRequest(1_999, 20, true),
      timedRequest(4_000, 30),
      timedRequest(5_999, 50),
      timedRequest(6_000, 1),
      timedRequest(-1, 1),
    ];
    // Three parts of two seconds; P90 of 10 and 20 is 19, of 30 and 50 is 48.
    const buckets = bucketRequests(facts, { startAt: 0, endAt: 6_000 }, 3);
    expect(buckets).toEqual({
      partMs: 2_000,
      atMs: [0, 2_000, 4_000],
      perSecond: [1, 0, 1],
      errorRatio: [0.5, Number.NaN, 0],
      p90Ms: [19, Number.NaN, 48],
    });
  });
});
