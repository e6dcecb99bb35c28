import { clearScore } from '../../core/analysis/shift.ts';
import { callGraph } from '../../core/analysis/traces/call-graph.ts';
import { compareCalls } from '../../core/analysis/traces/compare-calls.ts';
import type { CallShift } from '../../core/analysis/traces/compare-calls.ts';
import { compareFanOut } from '../../core/analysis/traces/compare-fan-out.ts';
import {
  compareService,
  strongestByAspect,
  usualWaits,
} from '../../core/analysis/traces/compare-service.ts';
import type { ServiceShift, UsualWaits } from '../../core/analysis/traces/compare-service.ts';
import { compareSteps } from '../../core/analysis/traces/compare-steps.ts';
import { shiftOnset } from '../../core/analysis/traces/shift-onset.ts';
import type { CallFact, OperationFact } from '../../core/analysis/traces/trace-facts.ts';
import type { SplitWindow } from '../../core/analysis/split-window.ts';
import { compareTexts } from '../../core/compare-texts.ts';
import { entityOf, observationOf, rounded, roundedScore } from '../../core/observation.ts';
import type { ToolContext } from '../../core/ports/tool.ts';
import type { Observation } from '../../core/schemas/digest.ts';
import type { Window } from '../../core/schemas/primitives.ts';
import type { EvidenceDraft } from '../../core/schemas/evidence.ts';
import { z } from '../../core/schemas/z.ts';
import { defineTool } from '../../core/tool.ts';
import { leastScore } from '../compare-metrics.ts';
import { draftEvidence } from '../draft-evidence.ts';
import { graphData, tableData } from '../evidence-data.ts';
import { readTraces, splitTraces } from '../read-traces.ts';
import type { Traces } from '../read-traces.ts';
import { onsetWithin, windowToRead } from '../split-context.ts';
import { tellHidden } from '../tell-hidden.ts';

interface ComparedService {
  readonly service: string;
  readonly shifts: readonly ServiceShift[];
  readonly observations: readonly Observation[];
  /** Those of the observations that tell how its requests go on: how often it calls, what calls take on the way, what it leaves out. */
  readonly ofSteps: readonly Observation[];
}

/** The strongest shift of each aspect; the strongest of all is dated, which is enough to tell services apart in time. */
function observe(
  service: string,
  operations: readonly OperationFact[],
  compared: { readonly split: SplitWindow; readonly waits: UsualWaits; readonly window: Window },
  shifts: readonly ServiceShift[],
): readonly Observation[] {
  const strongest = [...strongestByAspect(shifts)].sort(
    (one, other) => other.shift.score - one.shift.score,
  );
  return strongest
    .filter(({ shift }) => shift.score >= leastScore)
    .map((found, place) =>
      observationOf({
        entity: { kind: 'service', name: service },
        aspect: found.aspect,
        name: found.operation ?? 'all operations',
        unit: found.unit,
        shift: found.shift,
        onset: onsetWithin(
          compared.window,
          place === 0 && found.shift.score >= clearScore
            ? shiftOnset(operations, compared.split, found, compared.waits)
            : null,
        ),
      }),
    );
}

/** The furthest gap to each peer: what the calls to it take longer than the peer says. */
function observeGaps(
  service: string,
  calls: readonly CallFact[],
  split: SplitWindow,
): readonly Observation[] {
  const gaps = new Map<string, CallShift>();
  for (const found of compareCalls(calls, split)) {
    const { aspect, peer, shift } = found;
    if (aspect !== 'edge-gap' || shift.direction !== 'up' || shift.score < leastScore) continue;
    const known = gaps.get(peer.name);
    if (known === undefined || shift.score > known.shift.score) gaps.set(peer.name, found);
  }
  return [...gaps.values()].map(({ peer, aspect, operation, unit, shift }) =>
    observationOf({
      entity: { kind: 'service', name: service },
      peer,
      aspect,
      name: operation ?? 'all calls',
      unit,
      shift,
    }),
  );
}

/** The step that is left out most clearly; the others mostly follow from it. */
function observeOmission(
  service: string,
  operations: readonly OperationFact[],
  split: SplitWindow,
): readonly Observation[] {
  const [furthest] = compareSteps(operations, split)
    .filter(({ shift }) => shift.score >= leastScore)
    .sort((one, other) => other.shift.score - one.shift.score);
  if (furthest === undefined) return [];
  const { step, operation, shift } = furthest;
  return [
    observationOf({
      entity: { kind: 'service', name: service },
      aspect: 'omission',
      name: `${step} in ${operation}`,
      unit: '1',
      shift,
    }),
  ];
}

/** Calls that became more for each request; that they became fewer says nothing that their failing or traffic does not say. */
function observeFanOuts(
  service: string,
  operations: readonly OperationFact[],
  calls: readonly CallFact[],
  split: SplitWindow,
): readonly Observation[] {
  return compareFanOut(operations, calls, split)
    .filter(({ shift }) => shift.direction === 'up' && shift.score >= leastScore)
    .map(({ peer, shift }) =>
      observationOf({
        entity: { kind: 'service', name: service },
        peer,
        aspect: 'edge-fan-out',
        name: 'calls for each request',
        unit: '{call}',
        shift,
      }),
    );
}

function byOwner<Fact extends { readonly service: string }>(
  facts: readonly Fact[],
): ReadonlyMap<string, readonly Fact[]> {
  const owned = new Map<string, Fact[]>();
  for (const fact of facts) {
    const known = owned.get(fact.service);
    if (known === undefined) owned.set(fact.service, [fact]);
    else known.push(fact);
  }
  return owned;
}

async function compareAll(
  traces: Traces,
  split: SplitWindow | null,
  window: Window,
): Promise<readonly ComparedService[]> {
  if (split === null) return [];
  const waits = usualWaits(traces.calls, split);
  const byService = [...byOwner(traces.operations)].sort(([one], [other]) =>
    compareTexts(one, other),
  );
  const calls = byOwner(traces.calls);
  const compared: ComparedService[] = [];
  for (const [service, operations] of byService) {
    const shifts = compareService(operations, split, waits).filter(
      ({ aspect }) => aspect !== 'traffic' || !traces.isSampled,
    );
    const made = calls.get(service) ?? [];
    const ofSteps = [
      ...observeFanOuts(service, operations, made, split),
      ...observeGaps(service, made, split),
      ...observeOmission(service, operations, split),
    ];
    const own = observe(service, operations, { split, waits, window }, shifts);
    compared.push({ service, shifts, observations: [...own, ...ofSteps], ofSteps });
    await traces.pause();
  }
  return compared;
}

function draftTable(
  traces: Traces,
  compared: readonly ComparedService[],
  context: ToolContext,
): EvidenceDraft {
  const strongest = new Set(compared.flatMap(({ shifts }) => strongestByAspect(shifts)));
  const rows = compared
    .flatMap(({ service, shifts, ofSteps }) => [
      ...shifts.map((found) => {
        const { aspect, operation, unit, shift } = found;
        return {
          ...{ service, aspect, operation: operation ?? 'all operations', unit },
          ...{ before: rounded(shift.before), after: rounded(shift.after) },
          ...{ score: roundedScore(shift.score), support: shift.support },
          isTold: strongest.has(found),
        };
      }),
      ...ofSteps.map(({ aspect, name, peer, before, after, unit, score, support }) => ({
        ...{ service, aspect, before, after, unit, score, support, isTold: true },
        operation: peer === undefined ? name : `${name}, to ${peer.name}`,
      })),
    ])
    .sort((one, other) => other.score - one.score);
  return draftEvidence({
    key: 'services',
    kind: 'traces',
    title: 'Services before and after, by their traces',
    read: traces.read,
    window: context.window,
    view: 'table',
    data: tableData(
      ['service', 'aspect', 'operation', 'before', 'after', 'unit', 'score', 'requests'],
      rows.map(({ service, aspect, operation, before, after, unit, score, support }) => [
        ...[entityOf({ kind: 'service', name: service }).name, aspect, operation],
        ...[before, after, unit, score, support],
      ]),
      (place) => rows[place]?.isTold === true,
    ),
  });
}

/** Compares every service by its traces and shows who calls whom. */
export const compareTraces = defineTool({
  name: 'compare-traces',
  description:
    'Compares every service before and after the suspected onset by its traces: error ratio, own errors (not handed up), duration, self time, traffic, calls that become more for each request or take longer than the callee says; and gives the call graph with databases and external dependencies, and which of these are seen only from their callers or stand in no topology.',
  input: z.strictObject({}),
  effect: 'read',
  needs: 'traces',
  timeoutMs: 60_000,
  run: async (_input, context) => {
    const traces = await readTraces(context, windowToRead(context));
    const { split, note } = splitTraces(context, traces);
    const compared = await compareAll(traces, split, context.window);
    const dependencies = callGraph(traces.calls).map(({ from, to, calls }) => ({
      from: entityOf(from),
      to: entityOf(to),
      calls,
    }));
    const observations = compared.flatMap((one) => one.observations);
    const scores = new Map(
      compared.map((one) => [one.service, one.observations[0]?.score ?? 0] as const),
    );
    const graph = draftEvidence({
      key: 'call-graph',
      kind: 'topology',
      title: 'Who calls whom, by the traces',
      read: traces.read,
      window: context.window,
      view: 'graph',
      data: graphData(dependencies, ({ kind, name }) =>
        kind === 'service' ? (scores.get(name) ?? null) : null,
      ),
    });
    const hidden = await tellHidden(context, traces, dependencies);
    return {
      ok: true,
      evidence: [draftTable(traces, compared, context), graph, ...hidden.evidence],
      digest: {
        observations,
        dependencies,
        notes: [
          `${traces.byTrace.size} traces of ${traces.spanCount} spans; ${note}`,
          ...hidden.notes,
        ],
        ...(traces.truncated === null ? {} : { truncated: traces.truncated }),
      },
    };
  },
});
