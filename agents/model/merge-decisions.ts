import type { Decided, ObservedCall } from '../../core/ports/policy.ts';
import type { Decision } from '../../core/schemas/finding.ts';
import type { ToolCall } from '../../core/schemas/tool-call.ts';
import { callKey, onlyNew } from '../shared/calls.ts';
import { clip } from '../shared/clip.ts';
import type { Proposal } from './read-decision.ts';

/** Calls of its own that a model may add in one loop, and in one of its rounds. */
export const maxModelCalls = 4;
const maxModelCallsARound = 2;
/** Questions that a model may add to the embedded policy's. */
export const maxModelQuestions = 2;

/** Leaves out what was only looked at because a model wanted it: what the embedded policy alone would have seen. */
export function withoutModel(observations: readonly ObservedCall[]): readonly ObservedCall[] {
  return observations.filter(({ call }) => call.by !== 'model');
}

/**
 * Joins what the embedded policy would do with what the model wants. The embedded policy's look is made in any case, so that no model makes the squad see
 * less than it would alone; the model adds calls, goes on where the policy would stop, and asks. It ends a loop only where the policy ends it too.
 */
export function mergeDecisions(
  floor: Decided,
  proposal: Proposal,
  so: {
    readonly observations: readonly ObservedCall[];
    readonly asked: number;
    readonly mustConclude: boolean;
  },
): Decision {
  const { decision } = floor;
  if (so.mustConclude || decision.kind === 'ask') return decision;
  const fresh = freshCalls(proposal, decision, so.observations);
  if (decision.kind === 'look') {
    return proposal.kind === 'look'
      ? { ...decision, calls: [...decision.calls, ...fresh] }
      : decision;
  }
  if (fresh.length === 0 || proposal.kind === 'conclude') {
    return proposal.kind === 'conclude' && proposal.reasoning !== ''
      ? { kind: 'conclude', reasoning: clip(proposal.reasoning, 500) }
      : decision;
  }
  const reasoning = clip(proposal.reasoning, 500);
  if (proposal.kind === 'look') return { kind: 'look', reasoning, calls: fresh };
  if (so.asked > maxModelQuestions) return decision;
  const { specialist } = proposal;
  const question = clip(fresh.map(({ because }) => because).join(' '), 300);
  return { kind: 'ask', reasoning, specialist, question, calls: fresh };
}

function freshCalls(
  proposal: Proposal,
  decision: Decision,
  observations: readonly ObservedCall[],
): ToolCall[] {
  if (proposal.kind === 'conclude') return [];
  const used = observations.filter(({ call }) => call.by === 'model').length;
  const most = Math.min(maxModelCallsARound, maxModelCalls - used);
  const planned = new Set(decision.kind === 'look' ? decision.calls.map(callKey) : []);
  const wanted = proposal.calls.filter((call) => !planned.has(callKey(call)));
  return onlyNew(wanted, observations, Math.max(0, most));
}
