import type { Entity } from '../../core/schemas/primitives.ts';
import { entityKey } from './entity-key.ts';
import type { Fact } from './facts.ts';
import type { Picture } from './picture.ts';
import { mayBeWanted } from './spoken-for.ts';

/** Whether a condition says only that something ends or does not answer; another one of the same entity says why. */
function isConsequence({ faultKind, name }: Fact): boolean {
  if (faultKind === 'probe') return name.toLowerCase().includes('readiness');
  return faultKind === 'crash' || faultKind === 'restart';
}

/** What the platform says is wrong with an entity: the strongest condition that says why before those that say only that. */
export function statedFault(picture: Picture, entity: Entity): Fact | undefined {
  const stated = picture.troubles(entity, 'condition');
  return stated.find((fact) => !isConsequence(fact)) ?? stated[0];
}

/** Whether a fact is a trouble although no user felt it: a condition is, unless somebody may have wanted it and it is not what the alert is about. */
export function needsNoUser({ brief }: Picture, fact: Fact): boolean {
  if (fact.aspect !== 'condition') return false;
  const { entity } = brief;
  return !mayBeWanted(fact) || (entity !== null && entityKey(entity) === entityKey(fact.entity));
}
