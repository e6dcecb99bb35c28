import { judgeSquad } from '../agents/root-cause/judge-squad.ts';
import { citedIds, verify } from '../agents/verifier/verify.ts';
import { synthesisSchema } from '../core/schemas/synthesis.ts';
import type { SynthesisResult } from '../core/schemas/synthesis.ts';
import type { SpecialistResult, StepKey } from '../workflows/messages.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { recallBrief, recallKept, recallObserved } from './recall.ts';
import { placeOutsideRounds } from './step.ts';
import type { RunStep } from './step.ts';

export interface VerifyStepInput {
  readonly investigationId: string;
  readonly stepKey: string;
  readonly brief: StepKey;
  readonly synthesis: StepKey;
  readonly specialists: readonly SpecialistResult[];
}

/**
 * Makes the activity `verifier.verify`: resolves every citation of root cause's synthesis and checks it against the stored bodies; what is not carried is
 * dropped and counted. Idempotent by memo.
 */
export function createVerify(
  deps: ActivityDependencies & { readonly runStep: RunStep },
): (input: VerifyStepInput) => Promise<{ readonly verdict: SynthesisResult['verdict'] }> {
  return (input) =>
    deps.runStep(
      placeOutsideRounds(input, 'verify', 'verifier'),
      'checks every sentence against its evidence',
      async () => {
        const [kept] = await recallKept(deps.store, [input.synthesis]);
        const synthesis = synthesisSchema.parse(
          (kept as { readonly synthesis: unknown }).synthesis,
        );
        const brief = await recallBrief(deps.store, input.brief);
        const observed = await recallObserved(
          deps.store,
          input.specialists.flatMap((one) => one.observed),
        );
        const verified = verify({
          brief,
          synthesis,
          observations: judgeSquad(brief, observed).observations,
          evidence: await deps.store.evidence.many(input.investigationId, citedIds(synthesis)),
        });
        const { checkedCount, droppedCount, demoted } = verified;
        return {
          returned: { verdict: verified.synthesis.verdict },
          kept: verified,
          text: `${checkedCount} sentences carried by evidence, ${droppedCount} dropped${demoted ? '; the cause is not carried' : ''}`,
          data: { checked: checkedCount, dropped: droppedCount, demoted },
        };
      },
    );
}
