import { clearScore } from '../../core/analysis/shift.ts';
import { callGraph } from '../../core/analysis/traces/call-graph.ts';
import {
  compareService,
  strongestByAspect,
  usualWaits,
} from '../../core/analysis/traces/compare-service.ts';
import type { ServiceShift, UsualWaits } from '../../core/analysis/traces/compare-service.ts';
import { shiftOnset } from '../../core/analysis/traces/shift-onset.ts';
import type { OperationFact } from '../../core/analysis/traces/trace-facts.ts';
import type { SplitWindow } from '../../core/analysis/split-window.ts';
import { entityOf, observationOf, rounded } from '../../core/observation.ts';
import type { ToolContext } from '../../core/ports/tool.ts';
import type { Observation } from '../../core/schemas/digest.ts';
import type { Window } from '../../core/schemas/primitives.ts';
import type { EvidenceDraft } from '../../core/schemas/evidence.ts';
import { z } from '../../core/schemas/z.ts';
import { defineTool } from '../../core/tool.ts';
import { leastScore } from '../compare-metrics.ts';
import { draftEvidence } from '../draft-evidence.ts';
import { graphData, tableData } from '../evidence-data.ts';
import { readTraces } from '../read-traces.ts';
import type { Traces } from '../read-traces.ts';
import { onsetWithin, splitContext, windowToRead } from '../split-context.ts';

interface ComparedService {
  readonly service: string;
  readonly shifts: readonly ServiceShift[];
  readonly observations: readonly Observation[];
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

async function compareAll(
  traces: Traces,
  split: SplitWindow | null,
  window: Window,
): Promise<readonly ComparedService[]> {
  if (split === null) return [];
  const waits = usualWaits(traces.calls, split);
  const byService = new Map<string, OperationFact[]>();
  for (const fact of traces.operations) {
    const known = byService.get(fact.service);
    if (known === undefined) byService.set(fact.service, [fact]);
    else known.push(fact);
  }
  const compared: ComparedService[] = [];
  for (const [service, operations] of byService) {
    const shifts = compareService(operations, split, waits).filter(
      ({ aspect }) => aspect !== 'traffic' || !traces.isSampled,
    );
    const observations = observe(service, operations, { split, waits, window }, shifts);
    compared.push({ service, shifts, observations });
    await traces.pause();
  }
  return compared;
}

function draftTable(
  traces: Traces,
  compared: readonly ComparedService[],
  context: ToolContext,
): EvidenceDraft {
  const rows = compared
    .flatMap(({ service, shifts }) => shifts.map((found) => ({ service, ...found })))
    .sort((one, other) => other.shift.score - one.shift.score);
  return draftEvidence({
    key: 'services',
    kind: 'traces',
    title: 'Services before and after, by their traces',
    read: traces.read,
    window: context.window,
    view: 'table',
    data: tableData(
      ['service', 'aspect', 'operation', 'before', 'after', 'unit', 'score', 'requests'],
      rows.map(({ service, aspect, operation, unit, shift }) => [
        service,
        aspect,
        operation ?? 'all operations',
        rounded(shift.before),
        rounded(shift.after),
        unit,
        rounded(shift.score),
        shift.support,
      ]),
    ),
  });
}

/** Compares every service by its traces and shows who calls whom. */
export const compareTraces = defineTool({
  name: 'compare-traces',
  description:
    'Compares every service before and after the suspected onset by its traces: error ratio, own errors (not handed up), duration, self time, traffic; and gives the call graph with databases and external dependencies.',
  input: z.strictObject({}),
  effect: 'read',
  timeoutMs: 60_000,
  run: async (_input, context) => {
    const traces = await readTraces(context, windowToRead(context));
    const { split, note } = splitContext(context, traces.holds);
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
    return {
      ok: true,
      evidence: [draftTable(traces, compared, context), graph],
      digest: {
        observations,
        dependencies,
        notes: [`${traces.byTrace.size} traces of ${traces.spanCount} spans; ${note}`],
        ...(traces.truncated === null ? {} : { truncated: traces.truncated }),
      },
    };
  },
});
