import type { Decided, DecideInput, Policy } from '../../core/ports/policy.ts';
import type { Brief } from '../../core/schemas/brief.ts';
import type { ToolCall } from '../../core/schemas/tool-call.ts';
import { clip } from '../shared/clip.ts';
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

const fleetCall: ToolCall = {
  tool: 'scan-fleet',
  input: {},
  because: 'which services of the whole fleet are worth a closer look',
};

const scanCall: ToolCall = {
  tool: 'scan-metrics',
  input: {},
  because: 'which services left the range that their metrics kept before',
};

const specialist: Policy = createSpecialist({
  role: 'aggregation',
  signal: 'metrics',
  open: (brief) => [
    presenceOf(brief, 'warehouse') === 'present' ? fleetCall : scanCall,
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

/**
 * Looks at the metrics of the whole fleet first, then closely at the services that left their range. Where there is a warehouse one query of it says which
 * services to look at; where that fails all are looked at.
 */
export const aggregationPolicy: Policy = {
  ...specialist,
  decide: (input) => drillDown(input) ?? specialist.decide(input),
};

/** After the look over the fleet: the metrics of the services it named and of the one that hurts. Null when that is done, or was never begun. */
function drillDown({ brief, observations, mustConclude }: DecideInput): Decided | null {
  const fleet = observations.find(({ call }) => call.tool === fleetCall.tool);
  const isScanned = observations.some(({ call }) => call.tool === scanCall.tool);
  if (fleet === undefined || isScanned || mustConclude !== null) return null;
  const { observed } = fleet;
  if (!observed.ok) {
    const reasoning = clip(`The warehouse did not answer: ${observed.message}`, 500);
    return { decision: { kind: 'look', reasoning, calls: [scanCall] }, finding: null };
  }
  const named = observed.digest.coverage.flatMap(({ services }) => services);
  const hurt = brief.entity?.kind === 'service' ? [brief.entity.name] : [];
  const services = [...new Set([...hurt, ...named])];
  if (services.length === 0) return null;
  return {
    decision: {
      kind: 'look',
      reasoning: clip(`Of the fleet these are worth a closer look: ${services.join(', ')}.`, 500),
      calls: [{ ...scanCall, input: { services } }],
    },
    finding: null,
  };
}
