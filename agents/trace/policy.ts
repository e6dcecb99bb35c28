import type { Policy } from '../../core/ports/policy.ts';
import type { Entity } from '../../core/schemas/primitives.ts';
import { entityKey } from '../shared/entity-key.ts';
import { createPicture } from '../shared/picture.ts';
import { createSpecialist } from '../shared/specialist.ts';
import type { Seen } from '../shared/specialist.ts';
import { suspectSpans } from './read-spans.ts';

/** Compares all services by their traces first, then the spans of those in which trouble seems to arise. */
export const tracePolicy: Policy = createSpecialist({
  role: 'trace',
  signal: 'traces',
  open: () => [
    {
      tool: 'compare-traces',
      input: {},
      because: 'which services are slower or fail more, and who calls whom',
    },
  ],
  suspect: suspectSpans,
  deepen: (seen, standing) =>
    servicesBehind(
      seen,
      standing.map(({ entity }) => entity),
    )
      .slice(0, 2)
      .map((service) => ({
        tool: 'inspect-spans',
        input: { service },
        because: `whether it arises in ${service} or in one of its calls`.slice(0, 300),
      })),
});

/** A service itself, or who calls an entity that has no spans of its own. */
function servicesBehind(seen: Seen, entities: readonly Entity[]): string[] {
  const picture = createPicture(seen.brief, seen);
  const services = entities.flatMap((entity) => {
    if (picture.speaksForItself(entity)) return [entity];
    const [caller] = picture.edgesTo(entity);
    return caller === undefined ? [entity] : [caller.from];
  });
  const named = services.filter(({ kind }) => kind === 'service');
  return [...new Map(named.map((entity) => [entityKey(entity), entity.name])).values()];
}
