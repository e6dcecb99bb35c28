import type { ObservedCall } from '../../core/ports/policy.ts';
import { entityKey } from '../shared/entity-key.ts';

/** Rounds in a row that brought nothing new after which a loop has nothing more to find. */
const mostIdle = 2;

/**
 * Tells whether nothing was seen in the last two rounds that had not been seen before: no shift, no dependency, no change. `seen` are the numbers of observations that each
 * decision so far knew of, oldest first.
 */
export function hasStagnated(
  observations: readonly ObservedCall[],
  seen: readonly number[],
): boolean {
  const start = seen.at(-mostIdle);
  if (start === undefined) return false;
  const known = new Set(observations.slice(0, start).flatMap(sightsOf));
  return observations.slice(start).every((one) => sightsOf(one).every((sight) => known.has(sight)));
}

/** What a call showed, each as a text that is the same whenever it is seen. */
function sightsOf({ observed }: ObservedCall): string[] {
  if (!observed.ok) return [];
  const { observations, dependencies, changes } = observed.digest;
  return [
    ...observations.map(({ entity, peer, aspect, name }) =>
      JSON.stringify([entityKey(entity), peer === undefined ? '' : entityKey(peer), aspect, name]),
    ),
    ...dependencies.map(({ from, to }) => JSON.stringify([entityKey(from), entityKey(to)])),
    ...changes.map(({ id }) => JSON.stringify([id])),
  ];
}
