import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { evaluateSlo } from '../../../../core/reliability/slo/evaluate-slo.ts';
import type { EventBucket } from '../../../../core/reliability/slo/event-buckets.ts';
import type { Slo } from '../../../../core/schemas/slo.ts';

const secondMs = 1_000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;
const nowAt = Date.UTC(2026, 10, 20, 12);
const selector = { metric: 'requests', attributes: {} };
const slo: Slo = {
  name: 'gateway-availability',
  service: 'gateway',
  objective: 0.999,
  windowDays: 30,
  sli: { kind: 'ratio', counts: 'bad', counted: selector, total: selector },
};

/** Buckets of `stepMs` that end at `endAt` and reach back `lengthMs`, each with `total` events, of which `bad(startAt)` are bad. */
function traffic(
  lengthMs: number,
  bad: (startAt: number) => number,
  { stepMs = 10 * secondMs, total = 1_000, endAt = nowAt } = {},
): readonly EventBucket[] {
  return Array.from({ length: Math.round(lengthMs / stepMs) }, (_unused, index) => {
    const startAt = endAt - (index + 1) * stepMs;
    return { startAt, endAt: startAt + stepMs, counted: bad(startAt), total };
  });
}

const statesOf = (buckets: readonly EventBucket[], of: Slo = slo): readonly string[] =>
  evaluateSlo(of, buckets, nowAt).pairs.map(({ state }) => state);

describe('evaluateSlo', () => {
  test('AS-23 burns when both windows burn faster than 14.4, whatever the slow pair says', () => {
    const buckets = traffic(7 * hourMs, (startAt) => (startAt >= nowAt - hourMs ? 15 : 0));
    expect(statesOf(buckets)).toEqual(['burning', 'quiet']);
    expect(evaluateSlo(slo, buckets, nowAt).state).toBe('burning');
  });

  test('AS-23 burns slowly when both windows burn faster than 6, though neither does at 14.4', () => {
    const buckets = traffic(7 * hourMs, () => 7);
    expect(statesOf(buckets)).toEqual(['quiet', 'burning']);
  });

  test('AS-23 falls quiet when the short window has recovered, however bad the hour was', () => {
    const buckets = traffic(7 * hourMs, (startAt) =>
      startAt >= nowAt - hourMs && startAt < nowAt - 5 * minuteMs ? 30 : 0,
    );
    expect(statesOf(buckets)[0]).toBe('quiet');
  });

  test('AS-23 does not burn on the short window alone', () => {
    const buckets = traffic(7 * hourMs, (startAt) => (startAt >= nowAt - 5 * minuteMs ? 100 : 0));
    expect(statesOf(buckets)).toEqual(['quiet', 'quiet']);
  });

  test('AS-23 the windows are exactly 1 h, 5 min, 6 h and 30 min, half-open, for every compliance window', () => {
    for (const windowDays of [7, 28, 30, 90]) {
      const { pairs } = evaluateSlo(
        { ...slo, windowDays },
        traffic(7 * hourMs, () => 0),
        nowAt,
      );
      const lengths = pairs.flatMap(({ long, short }) => [long, short]);
      expect(lengths.map(({ startAt, endAt }) => endAt - startAt)).toEqual(
        [60, 5, 360, 30].map((minutes) => minutes * minuteMs),
      );
      expect(lengths.map(({ endAt }) => endAt)).toEqual([nowAt, nowAt, nowAt, nowAt]);
    }
  });

  test('AS-23 what lies outside a window changes nothing in it', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ beforeMs: fc.integer({ min: 1, max: hourMs }), bad: fc.nat(1_000) })),
        fc.array(fc.record({ afterMs: fc.integer({ min: 0, max: hourMs }), bad: fc.nat(1_000) })),
        (older, later) => {
          const inside = traffic(6 * hourMs, () => 3);
          const outside = [
            ...older.map(({ beforeMs, bad }) => {
              const endAt = nowAt - 6 * hourMs - beforeMs + 1;
              return { startAt: endAt - 1, endAt, counted: bad, total: 1_000 };
            }),
            ...later.map(({ afterMs, bad }) => {
              const startAt = nowAt + afterMs;
              return { startAt, endAt: startAt + 1, counted: bad, total: 1_000 };
            }),
          ];
          expect(evaluateSlo(slo, [...inside, ...outside], nowAt).pairs).toEqual(
            evaluateSlo(slo, inside, nowAt).pairs,
          );
        },
      ),
      { numRuns: 30 },
    );
  });

  test('AS-23 counts a bucket across the edge of a window by its share inside', () => {
    const coarse = traffic(7 * hourMs, () => 60, {
      stepMs: minuteMs,
      total: 6_000,
      endAt: nowAt + 30 * secondMs,
    });
    const [fast] = evaluateSlo(slo, coarse, nowAt).pairs;
    expect(fast?.short.total).toBeCloseTo(5 * 6_000, 6);
    expect(fast?.long.total).toBeCloseTo(60 * 6_000, 6);
    expect(fast?.short.coverageRatio).toBeCloseTo(1, 9);
  });

  test('too little data is "not enough data", neither healthy nor burning', () => {
    const hour = traffic(hourMs, () => 0);
    expect(statesOf(hour)).toEqual(['quiet', 'unknown']);
    expect(evaluateSlo(slo, hour, nowAt).state).toBe('unknown');
    expect(statesOf(traffic(30 * minuteMs, () => 1_000))).toEqual(['unknown', 'unknown']);
    expect(statesOf([])).toEqual(['unknown', 'unknown']);
  });

  test('a hole at the end is not enough data: silence is not health', () => {
    const stopped = traffic(7 * hourMs, () => 0, { endAt: nowAt - 2 * minuteMs });
    expect(statesOf(stopped)[0]).toBe('unknown');
  });

  test('a handful of requests is not enough data, and neither is a handful of failures', () => {
    const rare = traffic(7 * hourMs, () => 0, { stepMs: minuteMs, total: 1 });
    expect(statesOf(rare)).toEqual(['unknown', 'quiet']);
    const unlucky = traffic(7 * hourMs, (startAt) => (startAt === nowAt - minuteMs ? 4 : 0), {
      stepMs: minuteMs,
      total: 4,
    });
    expect(statesOf(unlucky)[0]).toBe('unknown');
  });

  test('AS-22 a new SLO without a measurement has no verdict on its budget, and its whole budget with the first good one', () => {
    expect(evaluateSlo(slo, [], nowAt).budgetRemainingRatio).toBeNull();
    const first = traffic(minuteMs, () => 0);
    expect(evaluateSlo(slo, first, nowAt).budgetRemainingRatio).toBe(1);
  });

  test('overlapping buckets of two instances add up and cover their time once', () => {
    const one = traffic(7 * hourMs, () => 1);
    const [fast] = evaluateSlo(slo, [...one, ...one], nowAt).pairs;
    expect(fast?.long).toMatchObject({ total: 720_000, bad: 720, coverageRatio: 1 });
  });

  test('never burns and is quiet at once, and burns only beyond both thresholds', () => {
    fc.assert(
      fc.property(
        fc.nat(40),
        fc.nat(40),
        fc.nat(40),
        fc.integer({ min: 7, max: 90 }),
        (recent, hour, rest, windowDays) => {
          const buckets = traffic(6 * hourMs, (startAt) => {
            if (startAt >= nowAt - 5 * minuteMs) return recent;
            return startAt >= nowAt - hourMs ? hour : rest;
          });
          const { state, pairs } = evaluateSlo({ ...slo, windowDays }, buckets, nowAt);
          for (const pair of pairs) {
            const isFast =
              (pair.long.burnRate ?? 0) > pair.factor && (pair.short.burnRate ?? 0) > pair.factor;
            expect(pair.state).toBe(isFast ? 'burning' : 'quiet');
          }
          expect(state === 'burning').toBe(pairs.some((pair) => pair.state === 'burning'));
        },
      ),
      { numRuns: 50 },
    );
  });
});
