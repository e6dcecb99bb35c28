import { diagnosisMessage } from '../../agents/model/diagnosis-message.ts';
import { holdToVerdict } from '../../agents/model/hold-to-verdict.ts';
import type { HeldDiagnosis } from '../../agents/model/hold-to-verdict.ts';
import { knownNames } from '../../agents/model/known-names.ts';
import { namesToHide } from '../../agents/model/names-to-hide.ts';
import { jsonSchemaOf } from '../../agents/model/offer-tools.ts';
import { readOutput } from '../../agents/model/read-output.ts';
import type { Diagnosis } from '../../core/schemas/diagnosis.ts';
import { diagnosisOutputSchema } from '../../core/schemas/model-output.ts';
import type { DiagnosisOutput, ModelSentence } from '../../core/schemas/model-output.ts';
import { verificationSchema } from '../../core/schemas/synthesis.ts';
import type { SynthesisResult } from '../../core/schemas/synthesis.ts';
import type { ModelUse, SpecialistResult, StepKey } from '../../workflows/messages.ts';
import { recallBrief, recallKept, recallObserved } from '../recall.ts';
import { placeOutsideRounds } from '../step.ts';
import type { RunStep } from '../step.ts';
import { carriedSentences } from './carried-sentences.ts';
import type { ModelDeps } from './decide-with-model.ts';
import { orEmbedded } from './or-embedded.ts';
import type { ReasonedBy } from './use-model.ts';

export interface DiagnoseStepInput {
  readonly investigationId: string;
  readonly stepKey: string;
  readonly brief: StepKey;
  readonly verification: StepKey;
  readonly specialists: readonly SpecialistResult[];
  readonly model: ModelUse;
}

/** What the step keeps: the diagnosis, or null where the model had nothing of use to say. */
export interface KeptDiagnosis {
  readonly diagnosis: Diagnosis | null;
  readonly reasonedBy: ReasonedBy;
}

/**
 * Makes the activity `orchestrator.diagnose`: a model puts into words what the squad has found and the verifier has let stand. Every sentence of fact is held against
 * its evidence; the cause is the verifier's, whatever the model says. Idempotent by memo.
 */
export function createDiagnose(
  deps: ModelDeps & { readonly runStep: RunStep },
): (input: DiagnoseStepInput) => Promise<null> {
  return (input) =>
    deps.runStep(
      placeOutsideRounds(input, 'report', 'orchestrator'),
      'puts into words what was found',
      async (signal, attempt) => {
        const { model: use, investigationId, stepKey } = input;
        const asking = { ...attempt, investigationId, stepKey, signal };
        const kept = await orEmbedded<KeptDiagnosis>(
          { ...asking, endsAt: use.endsAt, isRequired: false, now: deps.now },
          () => diagnose(deps, input, asking),
          (reasonedBy) => ({ diagnosis: null, reasonedBy }),
        );
        return { returned: null, kept, text: describe(kept) };
      },
    );
}

async function diagnose(
  deps: ModelDeps,
  input: DiagnoseStepInput,
  asking: Parameters<ModelDeps['consult']>[0]['asking'],
): Promise<KeptDiagnosis> {
  const { model: use, investigationId } = input;
  const brief = await recallBrief(deps.store, input.brief);
  const [verified] = await recallKept(deps.store, [input.verification]);
  const { synthesis } = verificationSchema.parse(verified);
  const observations = await recallObserved(
    deps.store,
    input.specialists.flatMap(({ observed }) => observed),
  );
  const known = namesToHide(brief, observations);
  const consulted = await deps.consult<DiagnosisOutput>({
    ...{ asking, use, prompt: 'diagnosis', tools: [] },
    known,
    before: { messages: [], aliases: {} },
    say: diagnosisMessage({ brief, synthesis, observations }),
    responseSchema: jsonSchemaOf(diagnosisOutputSchema),
    read: (turn, restore) => readOutput(turn, restore, diagnosisOutputSchema),
  });
  const { asks, repairs, refused, value } = consulted;
  const held = holdToVerdict(value, synthesis, known);
  const names = knownNames(brief, observations);
  const carried = (sentences: readonly ModelSentence[]) =>
    carriedSentences(deps.store, investigationId, sentences, names);
  const { diagnosis, dropped } = await check(use.model.name, synthesis, held, carried);
  return {
    diagnosis,
    reasonedBy: { fallback: null, asks, repairs, refused, dropped },
  };
}

/** Holds to its evidence what is left of a diagnosis that was held to the verdict. */
async function check(
  model: string,
  synthesis: SynthesisResult,
  { kept, strayFacts, strayAdvice }: HeldDiagnosis,
  carried: (sentences: readonly ModelSentence[]) => ReturnType<typeof carriedSentences>,
): Promise<{ readonly diagnosis: Diagnosis; readonly dropped: number }> {
  const { rootCause, causalChain, claims, ...advice } = kept;
  const root = await carried(rootCause === null ? [] : [rootCause]);
  const chain = await carried(causalChain);
  const facts = await carried(claims);
  const parts = [root, chain, facts];
  const unfounded = [...strayFacts, ...parts.flatMap(({ dropped }) => dropped)];
  const carriedCount = parts.reduce((sum, one) => sum + one.carried.length, 0);
  const dropped = [...unfounded, ...strayAdvice];
  return {
    dropped: dropped.length,
    diagnosis: {
      model,
      rootCause: root.carried[0] ?? null,
      category: synthesis.causes[0]?.faultKind ?? null,
      causalChain: [...chain.carried],
      validatedClaims: [...facts.carried],
      notValidatedClaims: dropped,
      ...advice,
      validityRatio: carriedCount / Math.max(1, carriedCount + unfounded.length),
    },
  };
}

function describe({ diagnosis, reasonedBy }: KeptDiagnosis): string {
  if (diagnosis !== null) {
    const { validatedClaims, notValidatedClaims } = diagnosis;
    return `${validatedClaims.length} sentences carried by evidence, ${notValidatedClaims.length} not`;
  }
  return `no model: ${reasonedBy.fallback?.says ?? 'nothing of use'}`;
}
