import type { LoopRole } from '../agents/catalogue.ts';
import type { DecideInput as PolicyInput, Policy } from '../core/ports/policy.ts';
import { orientationSchema } from '../core/schemas/finding.ts';
import type { Decision, Orientation } from '../core/schemas/finding.ts';
import type { InvestigationPhase, Role } from '../core/schemas/roles.ts';
import type { ModelUse, StepKey } from '../workflows/messages.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { decideWithModel } from './model/decide-with-model.ts';
import type { ModelDeps } from './model/decide-with-model.ts';
import { recallBrief, recallFindings, recallKept, recallObserved } from './recall.ts';
import { progressOf } from './step.ts';
import type { RunStep, StepPlace } from './step.ts';

/** What one reasoning step stands on: references only. */
export interface ReasonInput {
  readonly investigationId: string;
  readonly phase: InvestigationPhase;
  readonly round: number;
  readonly stepKey: string;
  readonly brief: StepKey;
  readonly observed: readonly StepKey[];
  readonly findings: readonly StepKey[];
}

export interface DecideStepInput extends ReasonInput {
  readonly orientation: StepKey;
  readonly mustConclude: 'rounds' | 'calls' | 'time' | null;
  readonly question: string | null;
  readonly asked: number;
  /** Left out where the embedded policy decides alone. */
  readonly model?: ModelUse;
}

/** What goes through history of an orientation; the rest is kept. */
export interface OrientResult {
  readonly leading: readonly {
    readonly id: string;
    readonly score: number;
    readonly state: string;
  }[];
  readonly openQuestions: number;
}

export interface DecideResult {
  readonly decision: Decision;
  readonly hasFinding: boolean;
}

interface Reasoner {
  readonly store: ActivityDependencies['store'];
  readonly runStep: RunStep;
}

/**
 * Makes the orient activity of one role: digests → scored hypotheses, deterministic in every mode. Idempotent by memo.
 */
export function createOrient(
  role: Role,
  policy: Policy,
  deps: Reasoner,
): (input: ReasonInput) => Promise<OrientResult> {
  return (input) =>
    deps.runStep(
      placeOf(role, 'orient', input),
      `weighs ${input.observed.length} observations`,
      async () => {
        const { brief, observations, findings } = await recallAll(deps.store, input);
        const orientation = policy.orient({ brief, observations, findings });
        const leading = orientation.hypotheses.slice(0, 3);
        return {
          returned: {
            leading: leading.map(({ id, score, state }) => ({ id, score, state })),
            openQuestions: orientation.openQuestions.length,
          },
          kept: orientation,
          text: describeOrientation(orientation),
          data: {
            hypotheses: leading.map((one) => `${one.entity.name}: ${one.faultKind} (${one.state})`),
          },
        };
      },
    );
}

/**
 * Makes the decide activity of one role: conclude, look closer or ask. A conclusion's finding is kept by this step, which is what carries the act
 * out; the act of any other decision is written by the step that does it. Idempotent by memo.
 */
export function createDecide(
  role: LoopRole,
  policy: Policy,
  deps: Reasoner & ModelDeps,
): (input: DecideStepInput) => Promise<DecideResult> {
  return (input) => {
    const place = placeOf(role, 'decide', input);
    return deps.runStep(
      place,
      input.mustConclude === null ? 'decides' : `must conclude: ${input.mustConclude} reached`,
      async (signal, attempt) => {
        const { brief, observations, findings } = await recallAll(deps.store, input);
        const [kept] = await recallKept(deps.store, [input.orientation]);
        const stands: PolicyInput = {
          brief,
          observations,
          findings,
          orientation: orientationSchema.parse(kept),
          round: input.round,
          mustConclude: input.mustConclude,
          question: input.question,
          asked: input.asked,
        };
        const decided =
          input.model === undefined
            ? policy.decide(stands)
            : await decideWithModel(deps, policy, {
                ...{ role, stands, use: input.model },
                asking: {
                  ...attempt,
                  investigationId: input.investigationId,
                  stepKey: input.stepKey,
                  signal,
                },
              });
        const { decision, finding } = decided;
        const act: StepPlace = {
          ...place,
          oodaPhase: 'act',
          stepKey: input.stepKey.replace(/decide$/, 'act'),
        };
        return {
          returned: { decision, hasFinding: finding !== null },
          kept: decided,
          text: `${decision.kind}: ${decision.reasoning}`,
          data: { decision: decision.kind },
          events:
            finding === null
              ? []
              : [
                  progressOf(act, 'ended', 1, `finding: ${finding.summary}`, {
                    conclusion: finding.conclusion,
                  }),
                ],
        };
      },
    );
  };
}

function placeOf(role: Role, oodaPhase: 'orient' | 'decide', input: ReasonInput): StepPlace {
  const { investigationId, stepKey, phase, round } = input;
  return { investigationId, stepKey, phase, role, oodaPhase, round };
}

async function recallAll(
  store: ActivityDependencies['store'],
  input: ReasonInput,
): Promise<{
  readonly brief: Awaited<ReturnType<typeof recallBrief>>;
  readonly observations: Awaited<ReturnType<typeof recallObserved>>;
  readonly findings: Awaited<ReturnType<typeof recallFindings>>;
}> {
  const brief = await recallBrief(store, input.brief);
  const observations = await recallObserved(store, input.observed);
  const findings = await recallFindings(store, input.findings);
  return { brief, observations, findings };
}

function describeOrientation(orientation: Orientation): string {
  const [first] = orientation.hypotheses;
  if (first === undefined) return 'no hypothesis';
  const more = orientation.hypotheses.length - 1;
  return `leading: ${first.entity.name} ${first.faultKind}, ${first.state}${more > 0 ? `; ${more} more` : ''}`;
}
