import {
  CancellationScope,
  ParentClosePolicy,
  WorkflowIdReusePolicy,
  setCurrentDetails,
  sleep,
  startChild,
  upsertSearchAttributes,
} from '@temporalio/workflow';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { carryOutAction } from './carry-out-action.ts';
import type { InvestigationHands } from './hands.ts';
import { createLoopHands } from './loop-hands.ts';
import { searchAttributes } from './messages.ts';
import type { ProposedAction } from './messages.ts';
import { runSpecialist } from './run-specialist.ts';

/** How long an action goes on taking note of late decisions after its expiry, in milliseconds. */
const actionLingerMs = 600_000;

/** The hands of an investigation in the workflow that calls this: specialists are its children, and a proposed write outlives it. */
export function createInvestigationHands(investigationId: string): InvestigationHands {
  return {
    ...createLoopHands(),
    isCancelled: () => CancellationScope.current().consideredCancelled,
    showPhase: (phase, details) => {
      setCurrentDetails(`**${phase}**: ${details}`);
      upsertSearchAttributes([{ key: searchAttributes.phase, value: phase }]);
    },
    runSpecialist: async (workflowId, input) => {
      const child = await startChild(runSpecialist, {
        workflowId,
        args: [input],
        parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
        staticSummary: `${input.role}: ${input.question}`.slice(0, 200),
      });
      return child.result();
    },
    sleep: (ms, summary) => sleep(ms, { summary }),
    handOver: (action) => handOver(investigationId, action),
  };
}

/** The action waits for a person in a workflow of its own, which a run that was reset finds there already. */
async function handOver(investigationId: string, action: ProposedAction): Promise<void> {
  const { actionId, planHash, expiresAt, summary } = action;
  try {
    await startChild(carryOutAction, {
      workflowId: actionId,
      workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
      args: [{ investigationId, actionId, planHash, expiresAt, lingerMs: actionLingerMs }],
      parentClosePolicy: ParentClosePolicy.ABANDON,
      typedSearchAttributes: [{ key: searchAttributes.needsApproval, value: true }],
      staticSummary: summary.slice(0, 200),
      staticDetails: `Proposed by ${investigationId}. Waits for the signal decideAction with a grant.`,
    });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}
