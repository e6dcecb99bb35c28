import { compareTexts } from '../../core/compare-texts.ts';
import type { Entity } from '../../core/schemas/primitives.ts';
import { entityKey } from './entity-key.ts';
import type { Fact } from './facts.ts';

/** Facts of one entity that amount to the same kind of trouble, strongest first. */
export interface FactGroup<Kind extends string> {
  readonly entity: Entity;
  readonly kind: Kind;
  readonly facts: readonly Fact[];
  readonly strongest: Fact;
}

/** Groups facts by entity and kind; groups come strongest first, ties by name. Facts are expected strongest first. */
export function groupFacts<Kind extends string>(
  facts: readonly Fact[],
  kindOf: (fact: Fact) => Kind,
): FactGroup<Kind>[] {
  const groups = new Map<string, FactGroup<Kind>>();
  for (const fact of facts) {
    const kind = kindOf(fact);
    const key = `${kind} ${entityKey(fact.entity)}`;
    const known = groups.get(key);
    groups.set(
      key,
      known === undefined
        ? { entity: fact.entity, kind, facts: [fact], strongest: fact }
        : { ...known, facts: [...known.facts, fact] },
    );
  }
  return [...groups]
    .sort(
      ([oneKey, one], [otherKey, other]) =>
        other.strongest.score - one.strongest.score || compareTexts(oneKey, otherKey),
    )
    .map(([, group]) => group);
}
