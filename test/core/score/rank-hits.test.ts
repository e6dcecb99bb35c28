import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { rankHits } from '../../../core/score/rank-hits.ts';
import { ranking, service } from './samples.ts';

const isCheckout = ({ name }: { readonly name: string }): boolean => name === 'checkout';

/** Every order of a few things. */
function ordersOf<Thing>(things: readonly Thing[]): readonly (readonly Thing[])[] {
  if (things.length < 2) return [things];
  return things.flatMap((first, index) =>
    ordersOf(things.toSpliced(index, 1)).map((rest) => [first, ...rest]),
  );
}

describe('rankHits', () => {
  test.each([
    { names: ['checkout', 'a', 'b'], hits: [1, 1, 1, 1, 1], place: 1 },
    { names: ['a', 'b', 'checkout'], hits: [0, 0, 1, 1, 1], place: 3 },
    { names: ['a', 'b', 'c', 'd', 'e', 'checkout'], hits: [0, 0, 0, 0, 0], place: 6 },
    { names: ['a', 'b'], hits: [0, 0, 0, 0, 0], place: null },
    { names: [], hits: [0, 0, 0, 0, 0], place: null },
    // Four share the first place, one of them right: a quarter of the orders put it first.
    {
      names: ['a:1', 'b:1', 'checkout:1', 'c:1', 'd:0'],
      hits: [0.25, 0.5, 0.75, 1, 1],
      place: 2.5,
    },
    // The leader is clear; the right one shares the second place with another.
    { names: ['a:2', 'checkout:1', 'b:1'], hits: [0, 0.5, 1, 1, 1], place: 2.5 },
  ])('$names: hits $hits', ({ names, hits, place }) => {
    const found = rankHits(ranking(...names), isCheckout);
    expect(found.place).toEqual(place);
    expect(found.hits).toHaveLength(5);
    found.hits.forEach((hit, index) => expect(hit).toBeCloseTo(hits[index] ?? Number.NaN, 9));
  });

  test('an entity that is ranked twice takes one place, the first', () => {
    const hitsOf = (...names: readonly string[]) => rankHits(ranking(...names), isCheckout).hits;
    expect(hitsOf('a', 'a', 'checkout')).toEqual([0, 1, 1, 1, 1]);
    expect(hitsOf('checkout:2', 'a:1', 'checkout:1')).toEqual([1, 1, 1, 1, 1]);
  });

  test('a tie is worth the mean over every order of the tied', () => {
    const tie = fc.tuple(fc.integer({ min: 0, max: 2 }), fc.integer({ min: 0, max: 3 }));
    fc.assert(
      fc.property(tie, fc.integer({ min: 0, max: 3 }), ([right, others], leaders) => {
        const isRight = ({ name }: { readonly name: string }): boolean => name.startsWith('right');
        const named = (word: string, count: number): readonly string[] =>
          Array.from({ length: count }, (_, index) => `${word}-${index}`);
        const ahead = named('leader', leaders);
        const tied = [...named('right', right), ...named('other', others)];
        const clear = ahead.map((name, index) => ({ entity: service(name), score: 9 - index }));
        const measured = rankHits(
          [...clear, ...tied.map((name) => ({ entity: service(name), score: 1 }))],
          isRight,
        );
        const orders = ordersOf(tied).map((order) =>
          rankHits(ranking(...ahead, ...order), isRight),
        );
        measured.hits.forEach((hit, index) => {
          const mean =
            orders.reduce((sum, { hits }) => sum + (hits[index] ?? 0), 0) / orders.length;
          expect(hit).toBeCloseTo(mean, 9);
        });
      }),
    );
  });

  test('never falls with more places, and stays within [0, 1]', () => {
    const entry = fc.record({
      entity: fc.constantFrom('checkout', 'a', 'b', 'c', 'd', 'e').map(service),
      score: fc.constantFrom(3, 2, 1),
    });
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 12 }), (made) => {
        const { hits } = rankHits(made, isCheckout);
        hits.forEach((hit, index) => {
          expect(hit).toBeGreaterThanOrEqual(hits[index - 1] ?? 0);
          expect(hit).toBeLessThanOrEqual(1);
        });
      }),
    );
  });
});
