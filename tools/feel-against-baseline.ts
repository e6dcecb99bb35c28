import { clearScore } from '../core/analysis/shift.ts';
import { splitOfRecorded } from '../core/analysis/split-window.ts';
import { compareService, usualWaits } from '../core/analysis/traces/compare-service.ts';
import { observationOf } from '../core/observation.ts';
import type { ToolContext } from '../core/ports/tool.ts';
import type { Aspect, Observation } from '../core/schemas/digest.ts';
import { compareMetrics, metricObservation } from './compare-metrics.ts';
import type { Provenance } from './draft-evidence.ts';
import { readTraces } from './read-traces.ts';
import { givenSplit, windowToRead } from './split-context.ts';

const felt: ReadonlySet<Aspect> = new Set<Aspect>(['error-ratio', 'duration', 'traffic']);

/** What is felt, and where that was read. */
export interface Felt {
  readonly observations: readonly Observation[];
  readonly kind: 'traces' | 'metrics';
  readonly read: Provenance;
}

async function byTraces(service: string, context: ToolContext): Promise<Felt | null> {
  const traces = await readTraces(context, windowToRead(context));
  const given = givenSplit(context, traces.holds);
  const split = given === null ? null : splitOfRecorded(given, traces.recorded);
  if (split === null) return null;
  const own = traces.operations.filter((fact) => fact.service === service);
  const observations = compareService(own, split, usualWaits(traces.calls, split)).map((found) =>
    observationOf({
      entity: { kind: 'service', name: service },
      aspect: found.aspect,
      name: found.operation ?? 'all operations',
      unit: found.unit,
      shift: found.shift,
    }),
  );
  return observations.length === 0 ? null : { observations, kind: 'traces', read: traces.read };
}

async function byMetrics(service: string | null, context: ToolContext): Promise<Felt> {
  const { shifts, read } = await compareMetrics(context, service === null ? null : [service]);
  const observations = shifts.filter(({ peer }) => peer === null).map(metricObservation);
  return { observations, kind: 'metrics', read };
}

/**
 * Tells what users of a service (or of any) feel all through the window, against the healthy windows that a case gives: where the trouble fills the whole window,
 * nothing shifts within it. It can only be dated as somewhere in the window. Null where nothing is felt, or no such windows are given.
 */
export async function feelAgainstBaseline(
  service: string | null,
  context: ToolContext,
): Promise<Felt | null> {
  const { window } = context;
  if (givenSplit(context) === null) return null;
  const traced = service === null ? null : await byTraces(service, context);
  const compared = traced ?? (await byMetrics(service, context));
  const onset = { earliestAt: Math.floor(window.startAt), latestAt: Math.ceil(window.endAt) };
  const observations = compared.observations
    .filter(({ aspect, score }) => felt.has(aspect) && score >= clearScore)
    .map((one) => ({ ...one, onset }));
  return observations.length === 0 ? null : { ...compared, observations };
}
