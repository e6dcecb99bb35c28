import type { ProgressDraft } from '../../../core/schemas/progress.ts';
import type { Report } from '../../../core/schemas/report.ts';
import type { Evidence } from '../../../core/schemas/evidence.ts';
import type { ActionPlan } from '../../../core/schemas/action.ts';
import type { Store } from '../../../store/store.ts';
import { closing, draft, report, step } from '../../store/samples.ts';

/** Writes what a worker would: the steps of a small investigation. */

export async function writeProgress(
  store: Store,
  id: string,
  from: number,
  to: number,
): Promise<void> {
  for (let index = from; index <= to; index += 1) {
    await store.events.append(id, [draft('ended', `trace.r${index}.observe.1`)], Date.now());
  }
}

export async function writeEvidence(store: Store, id: string, evidence: Evidence): Promise<void> {
  const stepKey = `evidence.${evidence.id}`;
  await store.steps.complete(step(id, stepKey), closing(stepKey, null, { evidence: [evidence] }));
}

export async function propose(store: Store, plan: ActionPlan, planHash: string): Promise<void> {
  await store.steps.complete(step(plan.investigationId, 'propose'), {
    ...closing('propose', plan.actionId),
    writes: { proposeAction: { plan, planHash } },
  });
}

export async function finish(
  store: Store,
  id: string,
  changes: Partial<Report> = {},
): Promise<Report> {
  const written = { ...report(id), ...changes };
  const finished: ProgressDraft = draft('finished', 'report', { phase: 'report', percent: 100 });
  const closed = closing('report', null);
  await store.steps.complete(step(id, 'report'), {
    ...closed,
    events: [...closed.events, finished],
    writes: { finish: { status: written.status, at: Date.now(), report: written } },
  });
  return written;
}
