import { scoreOfCount } from '../../core/analysis/platform/condition.ts';
import type { FaultKind } from '../../core/schemas/fault-kind.ts';
import type { Entity, Window } from '../../core/schemas/primitives.ts';
import { isTrouble } from './facts.ts';
import type { Fact, Facts } from './facts.ts';

/** What somebody may have wanted: an idle colour, a service that runs only when it is asked for. */
const wanted: FaultKind = 'scaled-to-zero';

/** Whether a fact states what somebody may have wanted: it takes somebody who feels it to call that a trouble. */
export function mayBeWanted({ aspect, faultKind }: Fact): boolean {
  return aspect === 'condition' && faultKind === wanted;
}

/** Makes a state that somebody may have wanted as loud as any other where something else in the window speaks for it; the strongest facts stay first. */
export function raiseSpokenFor(facts: Facts, window: Window): readonly Fact[] {
  const isRaised = (fact: Fact): boolean =>
    mayBeWanted(fact) && !isTrouble(fact) && isSpokenFor(fact.entity, facts, window);
  if (!facts.all.some(isRaised)) return facts.all;
  return facts.all
    .map((fact) => (isRaised(fact) ? { ...fact, score: scoreOfCount(fact.support) } : fact))
    .toSorted((one, other) => other.score - one.score);
}

/** Whether somebody scaled an entity in the window, or calls to it fail or no longer come. In calls it may stand under another kind. */
function isSpokenFor({ name }: Entity, { all, changes }: Facts, window: Window): boolean {
  const isScaled = changes.some(
    ({ kind, service, at }) =>
      kind === 'scale' && service === name && at >= window.startAt && at < window.endAt,
  );
  return isScaled || all.some((fact) => isMissed(fact, name));
}

function isMissed(fact: Fact, name: string): boolean {
  if (!isTrouble(fact) || (fact.peer ?? fact.entity).name !== name) return false;
  switch (fact.aspect) {
    case 'edge-error':
      return true;
    case 'error-ratio':
      return fact.peer !== undefined;
    case 'traffic':
    case 'edge-traffic':
      return fact.direction === 'down';
    default:
      return false;
  }
}
