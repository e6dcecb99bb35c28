import type { Policy } from '../../core/ports/policy.ts';
import { createSpecialist } from '../shared/specialist.ts';
import { suspectResources } from './read-resources.ts';

/** Looks at the metrics of the whole fleet first, then closely at the services that left their range. */
export const aggregationPolicy: Policy = createSpecialist({
  role: 'aggregation',
  signal: 'metrics',
  open: () => [
    {
      tool: 'scan-metrics',
      input: {},
      because: 'which services left the range that their metrics kept before',
    },
  ],
  suspect: suspectResources,
  deepen: (_seen, standing) =>
    // What is named after a resource can be tested here; that something suffers is for the traces.
    [...standing]
      .sort(
        (one, other) => Number(one.faultKind === 'unknown') - Number(other.faultKind === 'unknown'),
      )
      .filter(({ entity }) => entity.kind === 'service')
      .slice(0, 2)
      .map(({ entity, faultKind }) => ({
        tool: 'inspect-metrics',
        input: { service: entity.name },
        because: `whether it really is ${faultKind}, and since when`,
      })),
});
