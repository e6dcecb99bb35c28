import { setCurrentDetails, workflowInfo } from '@temporalio/workflow';
import { driveLoop } from './drive-loop.ts';
import { LoopRun, lookingEndsAt } from './loop-run.ts';
import type { SpecialistInput, SpecialistResult } from './messages.ts';

/**
 * Runs one specialist's OODA loop as a workflow of its own: the reducer decides, activities named `role.phase` carry out. Returns references
 * only. A reached cap forces the conclusion; cancelled, it ends as `cancelled` with what was observed so far. It never fails: a loop that cannot go on
 * ends as `failed` without a finding, and the parent states the gap.
 */
export async function runSpecialist(input: SpecialistInput): Promise<SpecialistResult> {
  const run = new LoopRun({
    investigationId: input.investigationId,
    role: input.role,
    tools: input.member.tools,
    phase: input.phase,
    prefix: input.prefix,
    brief: input.brief,
    deadlineAt: input.deadlineAt,
    question: input.question,
    carriesOut: input.carriesOut,
    squad: () => ({ findings: [], observed: [] }),
    onPhase: (text) => setCurrentDetails(`**${text}**\n\n${input.question}`),
    ask: () => Promise.resolve(),
  });
  const { ended, state } = await driveLoop(
    {
      rounds: input.member.rounds,
      calls: input.member.calls,
      deadlineAt: lookingEndsAt(input.deadlineAt),
    },
    { at: Date.now(), calls: input.calls },
    run.carryOut,
  );
  const { observed, decided, hasFinding } = run.gathered();
  return {
    role: input.role,
    ended,
    finding: hasFinding ? decided : null,
    observed,
    workflowId: workflowInfo().workflowId,
    prefix: input.prefix,
    rounds: state.round,
    calls: state.callsUsed,
  };
}
