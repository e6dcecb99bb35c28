import type { Grade } from './grade-report.ts';

/** What of a grade a comparison needs. */
export type ComparedGrade = Pick<Grade, 'case' | 'isRight'>;

/** Two runs over the same cases, held against each other; names of cases. */
export interface Comparison {
  /** Wrong before and strictly right now; and the other way round. */
  readonly fixed: readonly string[];
  readonly broken: readonly string[];
  readonly bothRight: number;
  readonly bothWrong: number;
  readonly onlyNow: readonly string[];
  readonly onlyBefore: readonly string[];
  /** How likely at least so uneven a split of fixed and broken would be if neither version were better. */
  readonly byChance: number;
}

/** Compares two runs case by case. The chance is that of the exact two-sided sign test (McNemar, 1947). */
export function compareScores(
  now: readonly ComparedGrade[],
  before: readonly ComparedGrade[],
): Comparison {
  const wasRight = new Map(before.map((grade) => [grade.case, grade.isRight]));
  const isNow = new Set(now.map((grade) => grade.case));
  const both = now.filter((grade) => wasRight.has(grade.case));
  const namesOf = (was: boolean, is: boolean): readonly string[] =>
    both
      .filter((grade) => wasRight.get(grade.case) === was && grade.isRight === is)
      .map((grade) => grade.case);
  const fixed = namesOf(false, true);
  const broken = namesOf(true, false);
  return {
    fixed,
    broken,
    bothRight: namesOf(true, true).length,
    bothWrong: namesOf(false, false).length,
    onlyNow: now.flatMap((grade) => (wasRight.has(grade.case) ? [] : [grade.case])),
    onlyBefore: before.flatMap((grade) => (isNow.has(grade.case) ? [] : [grade.case])),
    byChance: signTest(fixed.length, broken.length),
  };
}

/** The two-sided tail of a fair coin. */
function signTest(one: number, other: number): number {
  const n = one + other;
  let ratio = 0.5 ** n;
  let tail = 0;
  for (let heads = 0; heads <= Math.min(one, other); heads += 1) {
    tail += ratio;
    ratio *= (n - heads) / (heads + 1);
  }
  return Math.min(1, 2 * tail);
}
