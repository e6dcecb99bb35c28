import { z } from './z.ts';
import { faultKindSchema } from './fault-kind.ts';
import { evidenceIdSchema } from './primitives.ts';

const sentence = z.object({ text: z.string(), evidenceIds: z.array(evidenceIdSchema) });

/**
 * What a model said of an investigation, after the check: sentences that keep to the verdict and that their evidence carries are validated, the others are kept apart
 * with the reason, and so is advice on what is not involved, or with a link or a command in it. Steps are advice for people and are not carried out. `validityRatio` is the share of its sentences of fact that were validated.
 */
export const diagnosisSchema = z
  .object({
    model: z.string(),
    rootCause: sentence.nullable(),
    category: faultKindSchema.nullable(),
    causalChain: z.array(sentence),
    validatedClaims: z.array(sentence),
    notValidatedClaims: z.array(z.object({ text: z.string(), because: z.string() })),
    remediationSteps: z.array(z.object({ step: z.string(), tradeOff: z.string() })),
    verificationSteps: z.array(z.string()),
    followUps: z.array(z.string()),
    validityRatio: z.number().min(0).max(1),
  })
  .meta({ id: 'Diagnosis', description: 'What a model said of an investigation, checked.' });
export type Diagnosis = z.infer<typeof diagnosisSchema>;
