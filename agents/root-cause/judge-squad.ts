import type { ObservedCall } from '../../core/ports/policy.ts';
import type { Brief } from '../../core/schemas/brief.ts';
import { judge } from './judge.ts';
import type { Judgement } from './judge.ts';

/** A judgement, and the observations that it stands on. */
export interface SquadJudgement {
  readonly judgement: Judgement;
  readonly observations: readonly ObservedCall[];
}

/**
 * Judges what the squad saw. What was looked at only because a model wanted it counts where the rest does not decide: so a model can settle what would have
 * stayed open, and overturns nothing that the embedded policies find by themselves.
 */
export function judgeSquad(brief: Brief, observations: readonly ObservedCall[]): SquadJudgement {
  const own = observations.filter(({ call }) => call.by !== 'model');
  const judgement = judge(brief, own);
  if (own.length === observations.length || judgement.verdict !== 'inconclusive') {
    return { judgement, observations: own };
  }
  return { judgement: judge(brief, observations), observations };
}
