import { toIso } from '../core/report/iso.ts';
import type { RunStep } from './step.ts';

export interface WaitStepInput {
  readonly investigationId: string;
  readonly stepKey: string;
  readonly untilAt: number;
}

/** Makes the activity `orchestrator.wait`: tells people that a live investigation waits, and until when; the waiting itself is the workflow's. Idempotent by memo. */
export function createWaitStep({
  runStep,
}: {
  readonly runStep: RunStep;
}): (input: WaitStepInput) => Promise<null> {
  return ({ untilAt, ...step }) => {
    const until = toIso(untilAt);
    const text = `waits until ${until.slice(11, 19)} UTC for telemetry on its way`;
    return runStep(
      { ...step, phase: 'scope', role: 'orchestrator', oodaPhase: 'observe', round: 1 },
      text,
      () => Promise.resolve({ returned: null, text, data: { until } }),
    );
  };
}
