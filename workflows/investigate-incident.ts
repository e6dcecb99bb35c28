import {
  CancellationScope,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
} from '@temporalio/workflow';
import { Investigation } from './investigation.ts';
import { createInvestigationHands } from './investigation-hands.ts';
import { searchAttributes, statusQuery } from './messages.ts';
import type { InvestigateInput, InvestigateResult } from './messages.ts';

/**
 * Investigates one incident: scope, plan, fan-out, synthesise, verify, remediate, report. Each phase is a step or a child of its own, so a restart
 * goes on where it stopped. Whatever happens before, a report is written: from what there is when a step fails for good, when the wall-clock budget is
 * used up, and when the run is cancelled. A proposed write lives on in a workflow of its own.
 */
export async function investigateIncident(input: InvestigateInput): Promise<InvestigateResult> {
  const run = new Investigation(input, createInvestigationHands(input.investigationId));
  setHandler(statusQuery, () => run.status());
  const status = await run.untilProposed();
  const result = await CancellationScope.nonCancellable(() => run.report(status));
  setCurrentDetails(`**${result.verdict}**: ${result.summary}`);
  upsertSearchAttributes([
    { key: searchAttributes.verdict, value: result.verdict },
    { key: searchAttributes.needsApproval, value: result.actionId !== null },
  ]);
  return result;
}
