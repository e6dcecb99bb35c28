import { describe, expect, test } from '@jest/globals';
import { nSigma } from '../../../../bench/rca/baselines/n-sigma.ts';
import { rankServices } from '../../../../bench/rca/baselines/rank-services.ts';
import { robustScorer } from '../../../../bench/rca/baselines/robust-scorer.ts';
import type { Series } from '../../../../core/ports/telemetry.ts';

// Normal 2, 4, 4, 4, 5, 5, 7, 9: mean 5, deviation of the population 2, median 4.5, quartiles 4 and 5.5.
const normal = [2, 4, 4, 4, 5, 5, 7, 9];

describe('nSigma', () => {
  test('is the largest deviation in standard deviations', () => {
    expect(nSigma(normal, [5, 11, 3])).toBe(3);
  });

  test('takes 1 where normal never varies', () => {
    expect(nSigma([3, 3, 3], [5])).toBe(2);
  });
});

describe('robustScorer', () => {
  test('is the largest deviation in interquartile ranges', () => {
    expect(robustScorer(normal, [4, 9])).toBe(3);
  });

  test('takes 1 where the quartiles agree', () => {
    expect(robustScorer([3, 3, 3, 3, 8], [5])).toBe(2);
  });
});

describe('rankServices', () => {
  const series = (service: string | null, values: readonly number[]): Series => ({
    ...{ metric: 'm', service, instance: null, peer: null, statistic: null, unit: null },
    ...{ kind: 'gauge', attributes: {} },
    atMs: values.map((_value, index) => index * 10),
    values,
  });
  const sides = { normal: [{ startAt: 0, endAt: 20 }], faulty: { startAt: 20, endAt: 40 } };

  test('a service ranks by its best metric, one without samples on both sides not at all', () => {
    const ranked = rankServices(
      [
        series('calm', [1, 1, 1, 2]),
        series('loud', [1, 1, 1, 1]),
        series('loud', [1, 1, 9, 1]),
        series('new', [1, 1]),
        series(null, [1, 1, 99, 99]),
      ],
      sides,
      nSigma,
    );
    expect(ranked.map(({ entity, score }) => [entity.name, score])).toEqual([
      ['loud', 8],
      ['calm', 1],
    ]);
  });
});
