import { diagnosisMessage } from '../../agents/model/diagnosis-message.ts';
import { knownNames } from '../../agents/model/known-names.ts';
import { namesToHide } from '../../agents/model/names-to-hide.ts';
import { jsonSchemaOf } from '../../agents/model/offer-tools.ts';
import { readOutput } from '../../agents/model/read-output.ts';
import type { Diagnosis } from '../../core/schemas/diagnosis.ts';
import { diagnosisOutputSchema } from '../../core/schemas/model-output.ts';
import type { DiagnosisOutput } from '../../core/schemas/model-output.ts';
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
  const consulted = await deps.consult<DiagnosisOutput>({
    ...{ asking, use, prompt: 'diagnosis', tools: [] },
    known: namesToHide(brief, observations),
    before: { messages: [], aliases: {} },
    say: diagnosisMessage({ brief, synthesis, observations }),
    responseSchema: jsonSchemaOf(diagnosisOutputSchema),
    read: (turn, restore) => readOutput(turn, restore, diagnosisOutputSchema),
  });
  const { asks, repairs, refused, value } = consulted;
  const names = knownNames(brief, observations);
  const { diagnosis, dropped } = await check(deps, investigationId, use, synthesis, value, names);
  return {
    diagnosis,
    reasonedBy: { fallback: null, asks, repairs, refused, dropped },
  };
}

async function check(
  deps: ModelDeps,
  investigationId: string,
  { model }: ModelUse,
  synthesis: SynthesisResult,
  said: DiagnosisOutput,
  names: readonly string[],
): Promise<{ readonly diagnosis: Diagnosis; readonly dropped: number }> {
  const { store } = deps;
  const [cause] = synthesis.causes;
  const root = await carriedSentences(store, investigationId, [said.rootCause], names);
  const chain = await carriedSentences(store, investigationId, said.causalChain, names);
  const claims = await carriedSentences(store, investigationId, said.claims, names);
  const isTheCause = cause !== undefined && namesCause(said.rootCause.text, cause.entity.name);
  const stray = { text: said.rootCause.text, because: 'It is not a cause that was verified.' };
  const rootDropped = isTheCause ? root.dropped : [stray];
  const rootCause = isTheCause ? (root.carried[0] ?? null) : null;
  const dropped = [...rootDropped, ...chain.dropped, ...claims.dropped];
  const carriedCount = (rootCause === null ? 0 : 1) + chain.carried.length + claims.carried.length;
  const { remediationSteps, verificationSteps, followUps } = said;
  return {
    dropped: dropped.length,
    diagnosis: {
      model: model.name,
      rootCause,
      category: cause?.faultKind ?? null,
      causalChain: [...chain.carried],
      validatedClaims: [...claims.carried],
      notValidatedClaims: [...dropped],
      remediationSteps,
      verificationSteps,
      followUps,
      validityRatio: carriedCount / Math.max(1, carriedCount + dropped.length),
    },
  };
}

function namesCause(text: string, name: string): boolean {
  return text.toLowerCase().includes(name.toLowerCase());
}

function describe({ diagnosis, reasonedBy }: KeptDiagnosis): string {
  if (diagnosis !== null) {
    const { validatedClaims, notValidatedClaims } = diagnosis;
    return `${validatedClaims.length} sentences carried by evidence, ${notValidatedClaims.length} not`;
  }
  return `no model: ${reasonedBy.fallback?.says ?? 'nothing of use'}`;
}
