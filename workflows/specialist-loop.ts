import { driveLoop } from '../agents/loop.ts';
import type { LoopHands } from './hands.ts';
import { LoopRun, lookingEndsAt } from './loop-run.ts';
import type { SpecialistInput, SpecialistResult } from './messages.ts';

/**
 * One specialist's OODA loop: the reducer decides, activities named `role.phase` carry out. Returns references only. A reached cap forces the
 * conclusion; cancelled, it ends as `cancelled` with what was observed so far. It never fails: a loop that cannot go on ends as `failed` without a finding,
 * and whoever asked states the gap.
 */
export async function runSpecialistLoop(
  input: SpecialistInput,
  hands: LoopHands,
): Promise<SpecialistResult> {
  const { role, member, deadlineAt, prefix, question, calls } = input;
  const run = new LoopRun(hands, {
    investigationId: input.investigationId,
    role,
    tools: member.tools,
    phase: input.phase,
    prefix,
    brief: input.brief,
    deadlineAt,
    question,
    carriesOut: input.carriesOut,
    ...(input.model !== undefined && { reasoner: { model: input.model, asks: {} } }),
    squad: () => ({ findings: [], observed: [] }),
    onPhase: (text) => hands.show(`**${text}**\n\n${question}`),
    ask: () => Promise.resolve(),
  });
  const { ended, state } = await driveLoop(
    { rounds: member.rounds, calls: member.calls, deadlineAt: lookingEndsAt(deadlineAt) },
    { at: Date.now(), calls },
    run.carryOut,
  );
  const { observed, decided, hasFinding } = run.gathered();
  return {
    role,
    ended,
    finding: hasFinding ? decided : null,
    observed,
    workflowId: hands.workflowId,
    prefix,
    rounds: state.round,
    calls: state.callsUsed,
  };
}
