import { CancellationScope, setCurrentDetails, workflowInfo } from '@temporalio/workflow';
import type { LoopHands } from './hands.ts';
import { callStep } from './steps.ts';

/** The hands of a loop in the workflow that calls this. */
export function createLoopHands(): LoopHands {
  return {
    workflowId: workflowInfo().workflowId,
    callStep,
    within: (ms, work) => CancellationScope.withTimeout(ms, work),
    heedCancellation: async () => {
      const scope = CancellationScope.current();
      if (scope.consideredCancelled) await scope.cancelRequested;
    },
    show: setCurrentDetails,
  };
}
