import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { serviceOnset } from '../../../../core/analysis/onset/service-onset.ts';
import type { OperationFact } from '../../../../core/analysis/traces/trace-facts.ts';
import { createRandom, normal } from '../random.ts';

const window = { startAt: 0, endAt: 150_000 };

/** Eight requests a second at random moments, one in three of a slow kind; `bend` says what becomes of one. */
function requests(
  seed: number,
  bend: (fact: OperationFact, random: () => number) => OperationFact = (fact) => fact,
): readonly OperationFact[] {
  const random = createRandom(seed);
  const facts: OperationFact[] = [];
  for (let at = 0; at < window.endAt; at += -125 * Math.log(1 - random())) {
    const isSlow = random() < 0.35;
    const durationMs = (isSlow ? 85 : 4) * Math.exp(0.3 * normal(random));
    const fact: OperationFact = {
      traceId: `t${facts.length}`,
      service: 'gateway',
      operation: isSlow ? 'POST /checkout' : 'GET /products',
      startAt: at,
      durationMs,
      selfMs: durationMs,
      isRoot: true,
      origin: random() < 0.01 ? 'handed-up' : null,
      givenUp: null,
      steps: [],
    };
    facts.push(bend(fact, random));
  }
  return facts;
}

describe('serviceOnset', () => {
  test('finds nothing in ordinary traffic, whichever the seed', () => {
    const found = Array.from({ length: 40 }, (_unused, seed) =>
      serviceOnset(requests(seed + 1), window),
    );
    expect(found.flat()).toEqual([]);
  });

  test.each([20_000, 70_000, 110_000, 135_000])('dates failures that began at %d', (onsetAt) => {
    const facts = requests(51, (fact, random) =>
      fact.startAt >= onsetAt && fact.operation === 'POST /checkout' && random() < 0.6
        ? { ...fact, origin: 'own' }
        : fact,
    );
    const [found] = serviceOnset(facts, window);
    expect(found).toMatchObject({ aspect: 'error-ratio', operation: 'POST /checkout' });
    expect(found?.onset.earliestAt).toBeLessThanOrEqual(onsetAt + 1_500);
    expect(found?.onset.earliestAt).toBeGreaterThan(onsetAt - 5_000);
    expect(found?.onset.latestAt).toBeGreaterThanOrEqual(onsetAt - 1_500);
    expect(found?.onset.latestAt).toBeLessThan(onsetAt + 5_000);
  });

  test('dates slowness of the one operation that has it', () => {
    const facts = requests(52, (fact) =>
      fact.startAt >= 92_000 && fact.operation === 'GET /products'
        ? { ...fact, durationMs: fact.durationMs + 40 }
        : fact,
    );
    const [found] = serviceOnset(facts, window);
    expect(found).toMatchObject({ aspect: 'duration', operation: 'GET /products' });
    expect(found?.onset.earliestAt).toBeGreaterThan(90_000);
    expect(found?.onset.latestAt).toBeLessThan(94_000);
  });

  test('dates the beginning of trouble that has passed by the end', () => {
    const facts = requests(53, (fact, random) =>
      fact.startAt >= 50_000 && fact.startAt < 80_000 && random() < 0.5
        ? { ...fact, origin: 'own' }
        : fact,
    );
    const [found] = serviceOnset(facts, window);
    expect(found?.aspect).toBe('error-ratio');
    expect(found?.onset.latestAt).toBeLessThan(53_000);
    expect(found?.onset.earliestAt).toBeGreaterThan(47_000);
  });

  test('sees traffic that stops', () => {
    const facts = requests(54).filter(({ startAt }) => startAt < 100_000);
    const [found] = serviceOnset(facts, window);
    expect(found).toMatchObject({ aspect: 'traffic', shift: { direction: 'down', after: 0 } });
    expect(found?.onset.earliestAt).toBeGreaterThanOrEqual(95_000);
    expect(found?.onset.latestAt).toBeLessThanOrEqual(105_000);
  });

  test('does not depend on the order of requests and never throws', () => {
    const fact = fc.record({
      traceId: fc.constant('t'),
      service: fc.constant('gateway'),
      operation: fc.constantFrom('a', 'b'),
      startAt: fc.double({ min: -1e5, max: 2e5, noNaN: true }),
      durationMs: fc.double({ min: 0, max: 1e6, noNaN: true }),
      selfMs: fc.constant(0),
      isRoot: fc.boolean(),
      origin: fc.constantFrom('own' as const, null),
      givenUp: fc.constant(null),
      steps: fc.constant<readonly string[]>([]),
    });
    fc.assert(
      fc.property(
        fc.uniqueArray(fact, { selector: ({ startAt }) => startAt, maxLength: 60 }),
        (facts) => {
          const found = serviceOnset(facts, window);
          expect(serviceOnset(facts.toReversed(), window)).toEqual(found);
          for (const { onset } of found) {
            expect(onset.earliestAt).toBeLessThanOrEqual(onset.latestAt);
          }
        },
      ),
    );
  });

  test('says the same of requests in any order, also of those that begin and last alike', () => {
    const facts = requests(54, (fact, random) => ({
      ...fact,
      startAt: Math.floor(fact.startAt / 2_000) * 2_000,
      durationMs: fact.operation === 'POST /checkout' ? 80 : 5,
      ...(fact.startAt >= 92_000 && random() < 0.5 && { origin: 'own' as const }),
    }));
    const expected = serviceOnset(facts, window);
    expect(expected[0]?.aspect).toBe('error-ratio');
    fc.assert(
      fc.property(fc.shuffledSubarray([...facts], { minLength: facts.length }), (shuffled) => {
        expect(serviceOnset(shuffled, window)).toEqual(expected);
      }),
      { numRuns: 20 },
    );
  });
});
