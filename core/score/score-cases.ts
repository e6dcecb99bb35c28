import type { Truth } from '../schemas/truth.ts';
import { checkRun } from './check-run.ts';
import type { Violations } from './check-run.ts';
import { classifyMiss } from './classify-miss.ts';
import type { Miss, Run } from './classify-miss.ts';
import type { Comparison } from './compare-scores.ts';
import { gradeReport } from './grade-report.ts';
import type { CaseFacts, Grade } from './grade-report.ts';
import { shareOf, summarise } from './summarise.ts';
import type { Share, Summary } from './summarise.ts';

/** A case with what was answered to it: not at all, once or several times. */
export interface ScoredCase {
  readonly truth: Truth;
  readonly facts: CaseFacts;
  readonly runs: readonly Run[];
}

/** What `holdfast score --json` prints: a grade a case, of its first run, and what they come to. */
export interface Score extends Violations {
  readonly version: 1;
  readonly summary: Summary;
  /** Null where every case was run once. */
  readonly repeats: {
    readonly runs: number;
    /** Every run of a case gave the same verdict and first cause; every run was strictly right. */
    readonly sameAnswer: Share;
    readonly rightInAll: Share;
  } | null;
  /** False where a report of another program was taken at its word, since its evidence cannot be asked for. */
  readonly isEvidenceChecked: boolean;
  readonly misses: Readonly<Record<Miss['kind'], number>>;
  readonly cases: readonly (Grade & { readonly miss: Miss | null })[];
  /** Cases without an answer, which count nowhere. */
  readonly unanswered: readonly string[];
  readonly comparison: Comparison | null;
}

/** Grades every case, and counts over all of them; violations are counted in every run. */
export function scoreCases(scored: readonly ScoredCase[]): Score {
  const cases = scored.flatMap(({ truth, facts, runs: [first] }) => {
    if (first === undefined) return [];
    const grade = gradeReport(first.report, truth, facts);
    return [{ ...grade, miss: grade.isRight ? null : classifyMiss(first, grade, facts) }];
  });
  const answered = scored.filter((one) => one.runs.length > 0);
  const runs = answered.flatMap((one) => one.runs);
  const violations = runs.map(checkRun);
  return {
    version: 1,
    summary: summarise(cases),
    repeats: repeatsOf(answered),
    unsupportedClaims: sum(violations.map(({ unsupportedClaims }) => unsupportedClaims)),
    unapprovedEffects: sum(violations.map(({ unapprovedEffects }) => unapprovedEffects)),
    isEvidenceChecked: runs.every(({ evidence }) => evidence !== null),
    misses: missesOf(cases.flatMap(({ miss }) => miss ?? [])),
    cases,
    unanswered: scored.flatMap(({ truth, runs: { length } }) => (length > 0 ? [] : [truth.case])),
    comparison: null,
  };
}

function repeatsOf(scored: readonly ScoredCase[]): Score['repeats'] {
  const runs = Math.max(0, ...scored.map((one) => one.runs.length));
  if (runs < 2) return null;
  return {
    runs,
    sameAnswer: shareOf(
      scored.map((one) => new Set(one.runs.map(({ report }) => answerOf(report))).size === 1),
    ),
    rightInAll: shareOf(
      scored.map(({ truth, facts, runs: all }) =>
        all.every(({ report }) => gradeReport(report, truth, facts).isRight),
      ),
    ),
  };
}

function answerOf({ verdict, causes: [cause] }: Run['report']): string {
  const { kind, name } = cause?.entity ?? {};
  return JSON.stringify([verdict, kind, name, cause?.faultKind, cause?.changeId]);
}

function missesOf(misses: readonly Miss[]): Score['misses'] {
  const count = (kind: Miss['kind']): number => misses.filter((one) => one.kind === kind).length;
  return {
    tool: count('tool'),
    routing: count('routing'),
    retrieval: count('retrieval'),
    reasoning: count('reasoning'),
    unknown: count('unknown'),
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
