import type { Entity } from '../../core/schemas/primitives.ts';
import type { ChainStep } from '../../core/schemas/synthesis.ts';
import { entityKey } from './entity-key.ts';
import { onsetOf, troublesOf } from './picture.ts';
import type { Picture } from './picture.ts';
import { canPrecede } from './timing.ts';
import { idsOf } from './wording.ts';

/**
 * Tests one step of a causal chain: the dependency exists (the entity that was harmed calls the one that harmed it), the entity that spread the harm
 * deviates itself, and it did not begin later. An entity whose beginning nobody dated is taken to have begun in the suspected interval.
 * Source: the three tests of PAVE for a causal claim.
 */
export function testStep(picture: Picture, from: Entity, to: Entity): ChainStep {
  const dependency = picture.dependency(to, from);
  const edge = picture.edgesFrom(to).find((one) => entityKey(one.to) === entityKey(from));
  const [deviating] = troublesOf(picture, from);
  const { suspected } = picture.brief;
  const order = canPrecede(onsetOf(picture, from) ?? suspected, onsetOf(picture, to) ?? suspected);
  const facts = [deviating, edge?.slower, edge?.failing].flatMap((fact) => fact ?? []);
  return {
    from,
    to,
    tests: { edge: edge !== undefined, deviates: deviating !== undefined, order },
    evidenceIds: idsOf([...(dependency === undefined ? [] : [dependency]), ...facts]),
  };
}

/** Follows a path from who calls to who is called back to front: from the cause to the symptom. */
export function chainAlong(picture: Picture, path: readonly Entity[]): ChainStep[] {
  const spread = [...path].reverse();
  return spread.flatMap((from, index) => {
    const to = spread[index + 1];
    return to === undefined ? [] : [testStep(picture, from, to)];
  });
}
