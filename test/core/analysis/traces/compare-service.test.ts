import { describe, expect, test } from '@jest/globals';
import { clearScore } from '../../../../core/analysis/shift.ts';
import { compareCalls } from '../../../../core/analysis/traces/compare-calls.ts';
import {
  compareService,
  isOwnError,
  strongestByAspect,
  usualWaits,
} from '../../../../core/analysis/traces/compare-service.ts';
import { shiftOnset } from '../../../../core/analysis/traces/shift-onset.ts';
import type { CallFact, OperationFact } from '../../../../core/analysis/traces/trace-facts.ts';
import { createRandom, normal } from '../random.ts';

const split = {
  baseline: [{ startAt: 0, endAt: 90_000 }],
  after: [{ startAt: 90_000, endAt: 150_000 }],
};

/** Eight requests a second for 150 s; `bend` says what becomes of one. */
function requests(
  seed: number,
  bend: (fact: OperationFact, random: () => number) => OperationFact,
): readonly OperationFact[] {
  const random = createRandom(seed);
  return Array.from({ length: 1_200 }, (_unused, index) => {
    const startAt = index * 125;
    const isSlow = random() < 0.3;
    const durationMs = (isSlow ? 80 : 3) * Math.exp(0.3 * normal(random));
    const fact: OperationFact = {
      traceId: `t${index}`,
      service: 'checkout',
      operation: isSlow ? 'POST /orders' : 'GET /orders',
      startAt,
      durationMs,
      selfMs: durationMs / 10,
      isRoot: true,
      origin: random() < 0.01 ? 'own' : null,
      givenUp: null,
      steps: [],
    };
    return bend(fact, random);
  });
}

const isAfter = ({ startAt }: OperationFact): boolean => startAt >= 90_000;
const noWaits = new Map<string, number>();

describe('compareService', () => {
  test('is quiet on ordinary traffic of two and a half minutes, whichever the seed', () => {
    let loudest = 0;
    for (let seed = 1; seed <= 60; seed += 1) {
      const shifts = compareService(
        requests(seed, (fact) => fact),
        split,
        noWaits,
      );
      loudest = Math.max(loudest, ...shifts.map(({ shift }) => shift.score));
    }
    expect(loudest).toBeLessThan(clearScore);
  });

  test('names the operation that fails, and when that began', () => {
    const facts = requests(4, (fact, random) =>
      isAfter(fact) && fact.operation === 'POST /orders' && random() < 0.4
        ? { ...fact, origin: 'own' }
        : fact,
    );
    const best = strongestByAspect(compareService(facts, split, noWaits));
    const failing = best.find(({ aspect }) => aspect === 'own-error');
    expect(failing?.operation).toBe('POST /orders');
    expect(failing?.shift.score).toBeGreaterThan(5);
    const onset = failing === undefined ? null : shiftOnset(facts, split, failing, noWaits);
    expect(onset?.earliestAt).toBeGreaterThan(80_000);
    expect(onset?.latestAt).toBeLessThan(96_000);
  });

  test('sees one operation slow down that the mixture would hide', () => {
    const facts = requests(5, (fact) =>
      isAfter(fact) && fact.operation === 'GET /orders'
        ? { ...fact, durationMs: fact.durationMs + 30, selfMs: fact.selfMs + 30 }
        : fact,
    );
    const best = strongestByAspect(compareService(facts, split, noWaits));
    for (const aspect of ['duration', 'self-time'] as const) {
      const slow = best.find((one) => one.aspect === aspect);
      expect(slow?.operation).toBe('GET /orders');
      expect(slow?.shift.score).toBeGreaterThan(clearScore);
    }
  });

  test('tells that traffic doubled', () => {
    const all = requests(6, (fact) => fact);
    const facts = all.flatMap((fact) => (isAfter(fact) ? [fact, fact, fact] : [fact]));
    const traffic = compareService(facts, split, noWaits).find(
      ({ aspect }) => aspect === 'traffic',
    );
    expect(traffic?.shift).toMatchObject({ direction: 'up', before: 8, after: 24 });
    expect(traffic?.shift.score).toBeGreaterThan(clearScore);
  });
});

describe('isOwnError', () => {
  const call = (durationMs: number, startAt = 0, isError = false): CallFact => ({
    service: 'checkout',
    peer: { kind: 'service', name: 'payments' },
    operation: 'POST /charges',
    startAt,
    durationMs,
    calleeMs: null,
    isError,
  });
  const waits = usualWaits(
    Array.from({ length: 100 }, (_unused, index) => call(index + 1)),
    split,
  );
  const failed = (durationMs: number): OperationFact => ({
    traceId: 't',
    service: 'checkout',
    operation: 'POST /orders',
    startAt: 0,
    durationMs,
    selfMs: 0,
    isRoot: true,
    origin: 'given-up',
    givenUp: call(durationMs, 0, true),
    steps: [],
  });

  test('blames a caller that waits less than calls usually take, and no other', () => {
    expect(isOwnError(failed(40), waits)).toBe(true);
    expect(isOwnError(failed(3_000), waits)).toBe(false);
    expect(isOwnError(failed(40), noWaits)).toBe(false);
  });

  test('learns the usual wait only from calls of the baseline that went well', () => {
    const calls = Array.from({ length: 20 }, () => [
      call(10),
      call(5_000, 100_000),
      call(5_000, 0, true),
    ]).flat();
    expect([...usualWaits(calls, split).values()]).toEqual([10]);
  });
});

describe('compareCalls', () => {
  test('tells a slow callee from a slow network, and failing calls from good ones', () => {
    const random = createRandom(9);
    const calls = Array.from({ length: 600 }, (_unused, index): CallFact => {
      const startAt = index * 250;
      const isLate = startAt >= 90_000;
      const calleeMs = 50 * Math.exp(0.2 * normal(random));
      return {
        service: 'checkout',
        peer: { kind: 'service', name: 'payments' },
        operation: 'POST /charges',
        startAt,
        durationMs: calleeMs + 2 + (isLate ? 200 : 0),
        calleeMs,
        isError: isLate && random() < 0.3,
      };
    });
    const shifts = compareCalls(calls, split);
    const find = (aspect: string): number =>
      shifts.find((one) => one.aspect === aspect)?.shift.score ?? 0;
    expect(find('edge-gap')).toBeGreaterThan(10);
    expect(find('edge-duration')).toBeGreaterThan(clearScore);
    expect(find('edge-error')).toBeGreaterThan(clearScore);
    expect(find('edge-traffic')).toBeLessThan(1);
  });
});
