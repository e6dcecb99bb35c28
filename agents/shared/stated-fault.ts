import type { Entity } from '../../core/schemas/primitives.ts';
import type { Fact } from './facts.ts';
import type { Picture } from './picture.ts';

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
