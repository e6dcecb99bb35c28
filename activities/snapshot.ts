import { liveCaseName, liveWindow } from '../core/live-investigation.ts';
import { toIso } from '../core/report/iso.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { requireInvestigation } from './require-investigation.ts';
import type { RunStep } from './step.ts';

export interface SnapshotStepInput {
  readonly investigationId: string;
  readonly stepKey: string;
}

export interface TakenSnapshot {
  /** By then what happened in the window has arrived as a rule. */
  readonly settledAt: number;
}

/** OpenTelemetry SDKs send spans every 5 seconds unless told otherwise: twice that. */
const settleMs = 10_000;

/**
 * Makes the activity `orchestrator.snapshot`: freezes what can be seen of the window as it is now, which is what every later step of a live investigation
 * reads. Taken again, it replaces the one before. Idempotent by memo; a kill leaves no half of it.
 */
export function createSnapshotStep(
  deps: ActivityDependencies & { readonly runStep: RunStep },
): (input: SnapshotStepInput) => Promise<TakenSnapshot> {
  return (input) =>
    deps.runStep(
      { ...input, phase: 'scope', role: 'orchestrator', oodaPhase: 'observe', round: 1 },
      'takes a snapshot of what can be seen',
      async () => {
        const row = await requireInvestigation(deps.store, input.investigationId);
        const { window, text } = await deps.live.begin(row.id, {
          name: liveCaseName(row.id),
          alert: row.alert,
          question: row.request.question ?? null,
          window: liveWindow(row.request, { acceptedAt: row.createdAt, nowAt: deps.now() }),
        });
        return {
          returned: { settledAt: window.endAt + settleMs },
          kept: { window },
          text: `${text}, from ${toIso(window.startAt)} up to ${toIso(window.endAt)}`,
        };
      },
    );
}
