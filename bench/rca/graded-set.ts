import type { BenchGrade } from './grade-answer.ts';
import type { BenchSet, Variant } from './sets.ts';

/** Which version of the policies answered a set, and on which day; null where that is not known. */
export interface AnsweredBy {
  readonly version: string | null;
  readonly on: string | null;
}

/** The grades of one set in one variant. */
export interface GradedSet {
  readonly set: Pick<BenchSet, 'name' | 'title' | 'gradedBy' | 'isPooled'>;
  readonly variant: Variant;
  readonly answered: AnsweredBy;
  readonly grades: readonly BenchGrade[];
}

export const isHealthy = ({ gradedBy }: GradedSet['set']): boolean => gradedBy === 'health';
