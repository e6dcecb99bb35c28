import type { Entity } from '../../core/schemas/primitives.ts';
import { entityKey } from './entity-key.ts';
import type { Fact } from './facts.ts';
import type { Picture } from './picture.ts';
import { mayBeWanted } from './spoken-for.ts';

const mostVague = 2;

/** How little a condition says of why: 0 where it does, 1 where only a rollout does not get on, 2 where something ends or does not answer. */
function vaguenessOf({ faultKind, name }: Fact): number {
  switch (faultKind) {
    case 'probe':
      return name.toLowerCase().includes('readiness') ? mostVague : 0;
    case 'crash':
    case 'restart':
      return mostVague;
    case 'bad-deploy':
      return 1;
    default:
      return 0;
  }
}

/** What the platform says is wrong with an entity: of the conditions that say most of why, the strongest. */
export function statedFault(picture: Picture, entity: Entity): Fact | undefined {
  const [first] = picture
    .troubles(entity, 'condition')
    .toSorted((one, other) => vaguenessOf(one) - vaguenessOf(other));
  return first;
}

/** Whether a fact is what a platform, and not only the program itself, states as the reason: it has killed it, or found no image for it. */
export function isStatedReason(fact: Fact): boolean {
  return fact.aspect === 'condition' && fact.voice !== 'logs' && vaguenessOf(fact) < mostVague;
}

/** Whether a fact is a trouble although no user felt it: a condition is, unless somebody may have wanted it and it is not what the alert is about. */
export function needsNoUser({ brief }: Picture, fact: Fact): boolean {
  if (fact.aspect !== 'condition') return false;
  const { entity } = brief;
  return !mayBeWanted(fact) || (entity !== null && entityKey(entity) === entityKey(fact.entity));
}
