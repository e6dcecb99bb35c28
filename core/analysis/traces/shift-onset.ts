import type { Onset } from '../../schemas/primitives.ts';
import { outcomeOnset } from '../onset/outcome-onset.ts';
import { quantileOfSorted, sortedFinite } from '../quantiles.ts';
import type { SplitWindow } from '../split-window.ts';
import { isInside } from '../stretches.ts';
import { isOwnError } from './compare-service.ts';
import type { ServiceShift, UsualWaits } from './compare-service.ts';
import type { OperationFact } from './trace-facts.ts';

/**
 * Dates when a shift of a service began, from its single requests: those that failed, or that took longer (or, for a fall, shorter) than 95 % did before. Null
 * for traffic, which no single request shows.
 */
export function shiftOnset(
  operations: readonly OperationFact[],
  split: SplitWindow,
  found: ServiceShift,
  waits: UsualWaits,
): Onset | null {
  const { aspect, operation, shift } = found;
  const facts = operations.filter((fact) => operation === null || fact.operation === operation);
  switch (aspect) {
    case 'traffic':
      return null;
    case 'error-ratio':
      return outcomeOnset(
        facts.map(({ startAt, origin }) => ({ at: startAt, isHit: origin !== null })),
        shift.direction,
      );
    case 'own-error':
      return outcomeOnset(
        facts.map((fact) => ({ at: fact.startAt, isHit: isOwnError(fact, waits) })),
        shift.direction,
      );
    case 'duration':
    case 'self-time': {
      const read = (fact: OperationFact): number =>
        aspect === 'duration' ? fact.durationMs : fact.selfMs;
      const before = facts.filter(({ startAt }) => isInside(split.baseline, startAt)).map(read);
      const isUp = shift.direction === 'up';
      const limitMs = quantileOfSorted(sortedFinite(before), isUp ? 0.95 : 0.05);
      return outcomeOnset(
        facts.map((fact) => ({
          at: fact.startAt,
          isHit: isUp ? read(fact) > limitMs : read(fact) < limitMs,
        })),
      );
    }
  }
}
