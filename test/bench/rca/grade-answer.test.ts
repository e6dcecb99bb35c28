import { describe, expect, test } from '@jest/globals';
import type { BenchCase } from '../../../bench/rca/bench-case.ts';
import { gradeAnswer } from '../../../bench/rca/grade-answer.ts';
import type { FaultKind } from '../../../core/schemas/fault-kind.ts';
import { gradableReportSchema } from '../../../core/schemas/gradable-report.ts';

const unknown = { traits: null, windowSeconds: null };
const shop = { kind: 'service', name: 'shop' } as const;

const caseOf = (changes: Partial<BenchCase>): BenchCase => ({
  ...{ name: 'one', origin: 'o', fault: 'f', entityNames: ['shop'], onset: null, candidates: 4 },
  ...changes,
});

/** A report that names a service, or nobody. */
const saying = (
  cause: { readonly faultKind?: FaultKind; readonly changeId?: string } | null,
  verdict: 'no-cause-found' | 'inconclusive' = 'no-cause-found',
) =>
  gradableReportSchema.parse({
    case: 'one',
    verdict: cause === null ? verdict : 'cause-found',
    causes: cause === null ? [] : [{ entity: shop, ...cause }],
    ranking: [
      { entity: { kind: 'service', name: 'cart' }, score: 2 },
      { entity: shop, score: 1 },
    ],
  });

describe('gradeAnswer', () => {
  test('by entity: the first of the ranking and the first cause count apart', () => {
    const grade = gradeAnswer({ case: caseOf({}), report: saying({}), ...unknown }, 'entity');
    expect([grade.first, grade.isRight, grade.hits]).toEqual([0, true, [0, 1, 1, 1, 1]]);
  });

  test('by change: only the culprit is right, and a decoy is counted', () => {
    const one = caseOf({ culprit: 'c2', decoys: ['c1'] });
    const grades = [{ changeId: 'c2' }, { changeId: 'c1' }, {}, null].map((cause) =>
      gradeAnswer({ case: one, report: saying(cause), ...unknown }, 'change'),
    );
    expect(grades.map(({ isRight, first, isDecoy }) => [isRight, first, isDecoy])).toEqual([
      [true, 1, false],
      [false, 0, true],
      [false, 0, false],
      [false, 0, false],
    ]);
  });

  test('by change: where no change did it, to blame none is right', () => {
    const one = caseOf({ culprit: null });
    const grades = [{ changeId: 'c1' }, {}, null].map((cause) =>
      gradeAnswer({ case: one, report: saying(cause), ...unknown }, 'change'),
    );
    expect(grades.map(({ isRight }) => isRight)).toEqual([false, true, true]);
    // Who abstains has found no cause.
    expect(grades.map(({ isStrict }) => isStrict)).toEqual([false, true, false]);
  });

  test('by category: the kind of fault must be of the class', () => {
    const one = caseOf({ category: 'resource_exhaustion' });
    const kinds: readonly FaultKind[] = ['slow-query', 'bad-config', 'unknown'];
    const rights = kinds.map(
      (faultKind) =>
        gradeAnswer({ case: one, report: saying({ faultKind }), ...unknown }, 'category').isRight,
    );
    expect(rights).toEqual([true, false, false]);
  });

  test('by category: of what is healthy nothing may be blamed, and that must be said', () => {
    const one = caseOf({ category: 'healthy', entityNames: [] });
    const grades = [saying(null), saying(null, 'inconclusive'), saying({})].map((report) =>
      gradeAnswer({ case: one, report, ...unknown }, 'category'),
    );
    expect(grades.map(({ isRight }) => isRight)).toEqual([true, false, false]);
    expect(grades.map(({ isStrict }) => isStrict)).toEqual([false, false, false]);
  });

  test('an onset as wide as what was investigated cannot miss, and is told apart', () => {
    const report = gradableReportSchema.parse({
      ...saying({}),
      onset: { earliest: '2026-11-20T10:00:00Z', latest: '2026-11-20T10:25:00Z' },
    });
    const one = caseOf({ onset: '2026-11-20T10:10:00Z' });
    const anywhere = [1_500, 1_501, null].map(
      (windowSeconds) =>
        gradeAnswer({ case: one, report, traits: null, windowSeconds }, 'entity').isOnsetAnywhere,
    );
    expect(anywhere).toEqual([true, false, false]);
  });
});
