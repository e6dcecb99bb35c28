import { namesToHide } from '../../agents/model/names-to-hide.ts';
import { jsonSchemaOf } from '../../agents/model/offer-tools.ts';
import { planMessage, rewordPlan } from '../../agents/model/plan-message.ts';
import { readOutput } from '../../agents/model/read-output.ts';
import type { Brief } from '../../core/schemas/brief.ts';
import { planOutputSchema } from '../../core/schemas/model-output.ts';
import type { PlanOutput } from '../../core/schemas/model-output.ts';
import type { Plan } from '../../core/schemas/plan.ts';
import type { ModelUse } from '../../workflows/messages.ts';
import type { Asking } from './ask-within-budget.ts';
import type { ModelDeps } from './decide-with-model.ts';
import { orEmbedded } from './or-embedded.ts';
import type { ReasonedBy } from './use-model.ts';

/** What a plan step keeps where a model was asked. */
export interface ReasonedPlan extends Plan {
  readonly reasonedBy: ReasonedBy;
}

/** Lets a model word the questions of a plan. Whom to ask, and what is looked at first, stays as the embedded policy says. */
export function planWithModel(
  deps: ModelDeps,
  plan: {
    readonly brief: Brief;
    readonly floor: Plan;
    readonly use: ModelUse;
    readonly asking: Asking;
  },
): Promise<ReasonedPlan> {
  const { brief, floor, use, asking } = plan;
  const { endsAt, model } = use;
  return orEmbedded<ReasonedPlan>(
    { ...asking, endsAt, isRequired: model.isRequired, now: deps.now },
    async () => {
      const { value, asks, repairs, refused } = await deps.consult<PlanOutput>({
        ...{ asking, use, prompt: 'plan', tools: [] },
        known: namesToHide(brief, []),
        before: { messages: [], aliases: {} },
        say: planMessage(brief, floor),
        responseSchema: jsonSchemaOf(planOutputSchema),
        read: (turn, restore) => readOutput(turn, restore, planOutputSchema),
      });
      return {
        ...rewordPlan(floor, value),
        reasonedBy: { fallback: null, asks, repairs, refused, dropped: 0 },
      };
    },
    (reasonedBy) => ({ ...floor, reasonedBy }),
  );
}
