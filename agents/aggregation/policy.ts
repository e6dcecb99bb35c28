import type { Policy } from '../../core/ports/policy.ts';
import type { Brief } from '../../core/schemas/brief.ts';
import type { ToolCall } from '../../core/schemas/tool-call.ts';
import { presenceOf } from '../shared/coverage.ts';
import { createSpecialist } from '../shared/specialist.ts';
import { suspectResources } from './read-resources.ts';

const alertsCall: ToolCall = {
  tool: 'list-alerts',
  input: {},
  because: 'which other monitors went off, and whose',
};

/** Traces show who really calls whom; what was written down serves where there are none. */
function needsGraph(brief: Brief): boolean {
  return presenceOf(brief, 'topology') === 'present' && presenceOf(brief, 'traces') !== 'present';
}

function graphCall({ entity }: Brief): ToolCall {
  const near = entity === null ? {} : { near: [entity.name] };
  return { tool: 'read-topology', input: near, because: 'who calls whom, without traces to tell' };
}

/** Looks at the metrics of the whole fleet first, then closely at the services that left their range. */
export const aggregationPolicy: Policy = createSpecialist({
  role: 'aggregation',
  signal: 'metrics',
  open: (brief) => [
    {
      tool: 'scan-metrics',
      input: {},
      because: 'which services left the range that their metrics kept before',
    },
    ...(presenceOf(brief, 'alerts') === 'present' ? [alertsCall] : []),
    ...(needsGraph(brief) ? [graphCall(brief)] : []),
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
