import type { ConfidenceTraits } from '../../agents/root-cause/confidence.ts';
import type { Truth } from '../../core/schemas/truth.ts';
import { gradeReport } from '../../core/score/grade-report.ts';
import type { Grade } from '../../core/score/grade-report.ts';
import type { BenchCase } from './bench-case.ts';
import { opensreCategories } from './opensre-categories.ts';
import type { Answered } from './run-set.ts';
import type { BenchSet } from './sets.ts';

/** An answer graded by what its set asks for. */
export interface BenchGrade extends Grade {
  readonly fault: string;
  /** What its data set calls the case, and what the report says in a sentence or two. */
  readonly origin: string;
  readonly said: string;
  /** A cause was stated, and it is right. */
  readonly isStrict: boolean;
  /** Whether the first of the ranking is right, or what else the set asks for first; a tie counts in part. */
  readonly first: number;
  /** The change that was blamed is one that only looks like the culprit. */
  readonly isDecoy: boolean;
  readonly traits: ConfidenceTraits | null;
  /** The onset is as wide as what was investigated, and so cannot miss. */
  readonly isOnsetAnywhere: boolean;
}

/** Grades an answer: by entity as others do, and where the set asks for the change or for the class of the cause by that. */
export function gradeAnswer(
  { case: one, report, traits, windowSeconds }: Answered,
  gradedBy: BenchSet['gradedBy'],
): BenchGrade {
  const grade = gradeReport(report, truthOf(one), { candidates: one.candidates, telemetry: null });
  const changeId = grade.cause?.changeId ?? null;
  const own = ownRight(one, grade, gradedBy);
  const isRight = own ?? grade.isRight;
  const width = grade.onset?.widthSeconds ?? 0;
  return {
    ...grade,
    ...{ fault: one.fault, origin: one.origin, said: report.summary },
    isRight,
    isStrict: isRight && grade.cause !== null,
    first: own === null ? (grade.hits?.[0] ?? 0) : Number(own),
    isDecoy: changeId !== null && (one.decoys ?? []).includes(changeId),
    traits,
    isOnsetAnywhere: windowSeconds !== null && width >= windowSeconds,
  };
}

/** Whether an answer is right by what the set itself asks for; null for sets graded by entity. */
function ownRight(one: BenchCase, { cause, verdict }: Grade, gradedBy: BenchSet['gradedBy']) {
  if (gradedBy === 'change') {
    // Where no change did it, saying so is enough, with a cause or without.
    return one.culprit === null
      ? (cause?.changeId ?? null) === null
      : cause?.changeId === one.culprit;
  }
  if (gradedBy === 'category') {
    if (one.category === 'healthy') return verdict === 'no-cause-found';
    return cause !== null && opensreCategories[cause.faultKind] === one.category;
  }
  return null;
}

function truthOf(one: BenchCase): Truth {
  return {
    case: one.name,
    verdict: one.entityNames.length > 0 ? 'cause-found' : 'no-cause-found',
    entityKind: null,
    entityNames: [...one.entityNames],
    ...{ faultKind: null, changeId: null, onset: one.onset },
  };
}
