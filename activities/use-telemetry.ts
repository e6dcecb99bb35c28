import { AppError } from '../core/errors.ts';
import type { Telemetry } from '../core/ports/telemetry.ts';
import type { InvestigationRow, Store } from '../store/store.ts';
import type { ActivityDependencies, Look } from './dependencies.ts';
import { recallSome } from './recall.ts';

/** The steps that begin a look, the later first. */
const lookSteps = ['again.snapshot', 'snapshot'] as const;

/** Lets `work` read what an investigation is about: the case that was asked for, or what its latest look sees of live telemetry. */
export function useTelemetry<Result>(
  deps: Pick<ActivityDependencies, 'store' | 'useCase' | 'live'>,
  row: Pick<InvestigationRow, 'id' | 'caseDir'>,
  work: (telemetry: Telemetry) => Promise<Result>,
): Promise<Result> {
  if (row.caseDir !== null) return deps.useCase(row.caseDir, work);
  return deps.live.use(row.id, () => latestLook(deps.store, row.id), work);
}

async function latestLook(store: Store, investigationId: string): Promise<Look> {
  const keys = lookSteps.map((stepKey) => ({ workflowId: investigationId, stepKey }));
  const kept = await recallSome(store, keys);
  const latest = lookSteps.flatMap(
    (stepKey) => kept.find((one) => one.stepKey === stepKey) ?? [],
  )[0];
  if (latest === undefined) {
    throw new AppError('bug.invariant', `${investigationId} has begun no look at live telemetry`);
  }
  const { window } = latest.kept as Pick<Look, 'window'>;
  return { stepKey: latest.stepKey, window };
}
