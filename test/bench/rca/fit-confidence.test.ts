import { describe, expect, test } from '@jest/globals';
import { fitLogOdds, leaveOneFaultOut } from '../../../bench/rca/fit-confidence.ts';
import type { Weighed } from '../../../bench/rca/fit-confidence.ts';

const none = {
  ...{ strength: 0, lead: 0, notAtTheEnd: 0, atAnotherTime: 0, changeFits: 0, changeUntested: 0 },
  ...{ faultUnknown: 0, nobodyFeltIt: 0, kindsThatSayIt: 0, kindsThatAreMissing: 0 },
};

const weighed = (isRight: boolean, traits = {}, fault = 'f'): Weighed => ({
  traits: { ...none, ...traits },
  ...{ isRight, fault },
});

describe('fitLogOdds', () => {
  test('without traits the base is the log-odds of being right: 3 of 4 are ln 3', () => {
    const weights = fitLogOdds([true, true, true, false].map((isRight) => weighed(isRight)));
    expect(weights.base).toBeCloseTo(Math.log(3), 3);
  });

  test('a trait of those that are right pulls up, as far as the penalty lets it', () => {
    // By hand: with x = 1 for the right and -1 for the wrong one, the slope is 2 (σ(w) - 1) + w = 0, so w = 0.675.
    const weights = fitLogOdds([weighed(true, { strength: 1 }), weighed(false, { strength: -1 })]);
    expect(weights.base).toBeCloseTo(0, 3);
    expect(weights.strength).toBeCloseTo(0.675, 3);
  });

  test('a trait never pulls the wrong way', () => {
    const weights = fitLogOdds([weighed(false, { strength: 1 }), weighed(true, { strength: -1 })]);
    expect(weights.strength).toBe(0);
  });
});

test('leaveOneFaultOut does not look at the answers of the fault that it tells of', () => {
  const others = [weighed(true, { strength: 2 }, 'other'), weighed(false, {}, 'other')];
  const said = [true, false].map((isRight) =>
    leaveOneFaultOut([...others, weighed(isRight, { strength: 1 }, 'new')]).find(
      (_one, index) => index === 2,
    ),
  );
  expect(said[0]?.confidence).toBe(said[1]?.confidence);
  expect(said.map((one) => one?.isRight)).toEqual([true, false]);
  expect(leaveOneFaultOut([weighed(true, { strength: 2 }, 'only')])).toEqual([]);
});
