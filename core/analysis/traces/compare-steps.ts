import { compareProportions, minSupport } from '../compare-proportions.ts';
import type { Shift } from '../shift.ts';
import type { SplitWindow } from '../split-window.ts';
import { isInside } from '../stretches.ts';
import type { OperationFact } from './trace-facts.ts';

/** The share of requests of one operation in which a step is missing. */
export interface OmittedStep {
  readonly operation: string;
  readonly step: string;
  readonly shift: Shift;
}

/** From this share of the requests on a step belongs to an operation: what the lesser part of them does may depend on what is asked. */
const usualShare = 0.5;

/**
 * Finds steps that an operation leaves out: work of its own or calls that requests had before and have less often now, as when code returns or throws early
 * without marking its spans as failed. `operations` are those of one service; an operation with fewer than ten requests on a side gives nothing. O(n).
 */
export function compareSteps(
  operations: readonly OperationFact[],
  split: SplitWindow,
): readonly OmittedStep[] {
  const byName = new Map<string, OperationFact[]>();
  for (const fact of operations) {
    const known = byName.get(fact.operation);
    if (known === undefined) byName.set(fact.operation, [fact]);
    else known.push(fact);
  }
  return [...byName]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .flatMap(([operation, facts]) => {
      const before = facts.filter(({ startAt }) => isInside(split.baseline, startAt));
      const after = facts.filter(({ startAt }) => isInside(split.after, startAt));
      if (Math.min(before.length, after.length) < minSupport) return [];
      const had = countSteps(before);
      const has = countSteps(after);
      return [...had].flatMap(([step, count]) => {
        if (count < before.length * usualShare) return [];
        const shift = compareProportions(
          { bad: before.length - count, total: before.length },
          { bad: after.length - (has.get(step) ?? 0), total: after.length },
        );
        return shift === null || shift.direction === 'down' ? [] : [{ operation, step, shift }];
      });
    });
}

function countSteps(facts: readonly OperationFact[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { steps } of facts) {
    for (const step of new Set(steps)) counts.set(step, (counts.get(step) ?? 0) + 1);
  }
  return counts;
}
