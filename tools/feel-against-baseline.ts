import { clearScore } from '../core/analysis/shift.ts';
import { splitOfRecorded } from '../core/analysis/split-window.ts';
import { compareService, usualWaits } from '../core/analysis/traces/compare-service.ts';
import { observationOf } from '../core/observation.ts';
import type { ToolContext } from '../core/ports/tool.ts';
import type { Aspect, Observation } from '../core/schemas/digest.ts';
import { compareMetrics, metricObservation } from './compare-metrics.ts';
import { readTraces } from './read-traces.ts';
import { givenSplit, windowToRead } from './split-context.ts';

const felt: ReadonlySet<Aspect> = new Set<Aspect>(['error-ratio', 'duration', 'traffic']);

async function byTraces(service: string, context: ToolContext): Promise<readonly Observation[]> {
  const traces = await readTraces(context, windowToRead(context));
  const given = givenSplit(context, traces.holds);
  const split = given === null ? null : splitOfRecorded(given, traces.recorded);
  if (split === null) return [];
  const own = traces.operations.filter((fact) => fact.service === service);
  return compareService(own, split, usualWaits(traces.calls, split)).map((found) =>
    observationOf({
      entity: { kind: 'service', name: service },
      aspect: found.aspect,
      name: found.operation ?? 'all operations',
      unit: found.unit,
      shift: found.shift,
    }),
  );
}

/**
 * Tells what users of a service (or of any) feel all through the window, against the healthy windows that a case gives: where the trouble fills the whole window,
 * nothing shifts within it. It can only be dated as somewhere in the window. Empty where no such windows are given.
 */
export async function feelAgainstBaseline(
  service: string | null,
  context: ToolContext,
): Promise<readonly Observation[]> {
  const { window } = context;
  if (givenSplit(context) === null) return [];
  const traced = service === null ? [] : await byTraces(service, context);
  const compared =
    traced.length > 0 ? null : await compareMetrics(context, service === null ? null : [service]);
  const measured = compared?.shifts.filter(({ peer }) => peer === null).map(metricObservation);
  const onset = { earliestAt: Math.floor(window.startAt), latestAt: Math.ceil(window.endAt) };
  return [...traced, ...(measured ?? [])]
    .filter(({ aspect, score }) => felt.has(aspect) && score >= clearScore)
    .map((one) => ({ ...one, onset }));
}
