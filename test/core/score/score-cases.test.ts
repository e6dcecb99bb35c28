import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { GradableReport } from '../../../core/schemas/gradable-report.ts';
import type { Truth } from '../../../core/schemas/truth.ts';
import { compareScores } from '../../../core/score/compare-scores.ts';
import { gradeReport } from '../../../core/score/grade-report.ts';
import { scoreCases } from '../../../core/score/score-cases.ts';
import type { ScoredCase } from '../../../core/score/score-cases.ts';
import { summarise } from '../../../core/score/summarise.ts';
import {
  badDeploy,
  healthy,
  nothingKnown,
  quietReport,
  ranking,
  reportOf,
  service,
} from './samples.ts';

const named = (name: string, confidence: number): Partial<GradableReport> => ({
  causes: reportOf().causes.map((one) => ({ ...one, entity: service(name), confidence })),
});
const grade = (report: GradableReport, truth: Truth = badDeploy, candidates = 10) =>
  gradeReport(report, truth, { candidates, telemetry: null });

/** Four cases with a cause: right, one in second place, one blamed wrongly, one that is not ranked; and two healthy ones, one of them blamed. */
const grades = [
  grade(reportOf({ cost: { wallMs: 4_000, peakMemoryBytes: 300_000_000 } })),
  grade(quietReport({ ranking: ranking('gateway', 'checkout'), cost: { wallMs: 2_000 } })),
  grade(reportOf({ ...named('cart', 0.6), ranking: ranking('cart', 'a', 'b', 'checkout') })),
  grade(quietReport({ verdict: 'inconclusive', ranking: ranking('gateway') })),
  grade(quietReport(), healthy),
  grade(reportOf(named('cart', 0.4)), healthy),
];

describe('summarise', () => {
  const summary = summarise(grades);

  test('counts cases and how many may be named', () => {
    expect(summary).toMatchObject({ cases: 6, withCause: 4 });
    expect(summary.candidates).toEqual({ median: 10, least: 10, most: 10 });
  });

  test('gives AC@k, Avg@5 and what guessing gives, as a hand computes them', () => {
    // The right ones stand in places 1, 2, 4 and nowhere.
    const accuracy = summary.accuracyAt.map(({ k, ratio, n, byChance }) => [k, ratio, n, byChance]);
    expect(accuracy).toEqual([
      [1, 0.25, 4, 0.1],
      [3, 0.5, 4, 0.3],
      [5, 0.75, 4, 0.5],
    ]);
    // (1 + 0.8 + 0.4 + 0) / 4; and (0.1 + 0.2 + 0.3 + 0.4 + 0.5) / 5.
    expect(summary.averageAt5.ratio).toBeCloseTo(0.55, 9);
    expect(summary.averageAt5.byChance).toBeCloseTo(0.3, 9);
  });

  test('gives how often it is right, silent and wrong, each of its own cases', () => {
    const { right, entityRight, abstained, falseCause, healthyBlamed, faultRight } = summary;
    const parts = [right, entityRight, abstained, falseCause, healthyBlamed, faultRight];
    expect(parts.map(({ ratio, n }) => [ratio, n])).toEqual([
      [2 / 6, 6],
      [1 / 4, 4],
      [2 / 4, 4],
      [2 / 3, 3],
      [1 / 2, 2],
      [1, 1],
    ]);
  });

  test('holds confidence against all stated causes, and gives seconds and memory', () => {
    expect(summary.calibration).toMatchObject({ n: 3 });
    // 0.9 right, 0.6 and 0.4 wrong.
    expect(summary.calibration?.brier).toBeCloseTo((0.01 + 0.36 + 0.16) / 3, 9);
    expect(summary.seconds).toEqual({ median: 3, least: 2, most: 4 });
    expect(summary.peakMemoryBytes).toBe(300_000_000);
  });

  test('of nothing gives nothing, and no number that is none', () => {
    const nothing = summarise([]);
    expect(nothing).toMatchObject({ cases: 0, candidates: null, calibration: null });
    expect(nothing.right).toEqual({ ratio: null, n: 0, low: 0, high: 1 });
    expect(JSON.stringify(nothing)).not.toContain('NaN');
  });

  test('does not care for the order of the cases, and every share lies in its interval', () => {
    const some = fc.array(fc.constantFrom(...grades), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(some, (made) => {
        const [one, other] = [summarise(made), summarise(made.toReversed())];
        for (const key of ['right', 'abstained', 'falseCause', 'entityRight'] as const) {
          expect(other[key].ratio ?? -1).toBeCloseTo(one[key].ratio ?? -1, 9);
          expect(one[key].ratio ?? 0).toBeGreaterThanOrEqual(one[key].low - 1e-9);
          expect(one[key].ratio ?? 0).toBeLessThanOrEqual(one[key].high + 1e-9);
        }
        expect(other.averageAt5.ratio ?? -1).toBeCloseTo(one.averageAt5.ratio ?? -1, 9);
      }),
    );
  });
});

describe('scoreCases', () => {
  const scored = (truth: Truth, ...reports: readonly GradableReport[]): ScoredCase => ({
    truth,
    facts: nothingKnown,
    runs: reports.map((report) => ({ report, evidence: null })),
  });

  test('grades the first run of a case, and holds the others against it', () => {
    const score = scoreCases([
      scored(badDeploy, reportOf(), reportOf()),
      scored({ ...badDeploy, case: 'b' }, reportOf(), quietReport()),
      scored({ ...badDeploy, case: 'c' }, quietReport(), reportOf()),
    ]);
    expect(score.summary.right).toMatchObject({ ratio: 2 / 3, n: 3 });
    expect(score.repeats).toMatchObject({
      ...{ runs: 2, sameAnswer: { ratio: 1 / 3 }, rightInAll: { ratio: 1 / 3 } },
    });
    expect(score.cases.map(({ miss }) => miss?.kind)).toEqual([undefined, undefined, 'reasoning']);
    expect(score.misses).toMatchObject({ reasoning: 1, retrieval: 0 });
  });

  test('counts what must not be in every run, and says when evidence was not asked for', () => {
    const claims = [{ text: 'x', evidenceIds: [], checked: false }];
    const score = scoreCases([scored(badDeploy, reportOf(), reportOf({ claims }))]);
    expect(score).toMatchObject({ unsupportedClaims: 1, unapprovedEffects: 0 });
    expect(score.isEvidenceChecked).toBe(false);
  });

  test('says nothing of repeats when there are none', () => {
    expect(scoreCases([scored(badDeploy, reportOf())]).repeats).toBeNull();
  });

  test('names the cases to which nothing was answered, and counts them nowhere', () => {
    const score = scoreCases([scored(badDeploy, reportOf()), scored({ ...badDeploy, case: 'b' })]);
    expect(score).toMatchObject({ unanswered: ['b'], repeats: null, summary: { cases: 1 } });
  });
});

describe('compareScores', () => {
  const run = (text: string) =>
    Array.from(text, (letter, index) => ({ case: String(index), isRight: letter === '+' }));

  test('names what was fixed and broken, and counts the rest', () => {
    expect(compareScores(run('++--'), run('+-+-'))).toEqual({
      ...{ fixed: ['1'], broken: ['2'], bothRight: 1, bothWrong: 1 },
      ...{ onlyNow: [], onlyBefore: [], byChance: 1 },
    });
    expect(compareScores(run('+'), run('+-'))).toMatchObject({ onlyNow: [], onlyBefore: ['1'] });
    expect(compareScores(run('+-'), run('+'))).toMatchObject({ onlyNow: ['1'], onlyBefore: [] });
  });

  // Both tails of 9 throws of a fair coin with at most one head: 2 · (1 + 9) / 512.
  test('says how likely such a split is by chance', () => {
    expect(compareScores(run('+--------'), run('-++++++++')).byChance).toBeCloseTo(20 / 512, 12);
    expect(compareScores(run('++++++'), run('------')).byChance).toBeCloseTo(2 / 64, 12);
    expect(compareScores(run('+'), run('+')).byChance).toBe(1);
  });
});
