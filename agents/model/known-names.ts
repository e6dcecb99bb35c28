import type { ObservedCall } from '../../core/ports/policy.ts';
import type { Brief } from '../../core/schemas/brief.ts';
import { namesToHide } from './names-to-hide.ts';

/** Lists what an investigation knows by name: entities, changes and their revisions. */
export function knownNames(brief: Brief, observations: readonly ObservedCall[]): string[] {
  const changes = observations.flatMap(({ observed }) =>
    observed.ok ? observed.digest.changes : [],
  );
  return [
    ...namesToHide(brief, observations).map(({ name }) => name),
    ...changes.flatMap(({ id, revision }) => (revision === undefined ? [id] : [id, revision])),
  ];
}
