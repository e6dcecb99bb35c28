import { z } from './z.ts';
import { specialistSchema } from './roles.ts';

/** Shapes that the words of a model have to follow. Ids are any text here: whether they exist is checked against the evidence. */

const sentenceSchema = z.object({
  text: z.string().min(1).max(400).meta({ description: 'One sentence, without line breaks.' }),
  evidenceIds: z
    .array(z.string().max(40))
    .max(8)
    .meta({ description: 'Ids (ev-…) of the evidence in which everything that it states stands.' }),
});
export type ModelSentence = z.infer<typeof sentenceSchema>;

/** What a model says when it concludes a loop. */
export const concludeInputSchema = z.object({
  reasoning: z.string().max(500).meta({ description: 'Why this is enough, in a sentence.' }),
  claims: z.array(sentenceSchema).max(8).default([]),
});

/** What a model makes of the plan: better questions, and calls worth making at once. */
export const planOutputSchema = z.object({
  reasoning: z.string().max(500),
  questions: z
    .array(z.object({ role: specialistSchema, question: z.string().min(1).max(300) }))
    .max(4),
});
export type PlanOutput = z.infer<typeof planOutputSchema>;

const short = z.string().min(1).max(400);

/** The structured diagnosis as a model gives it. */
export const diagnosisOutputSchema = z.object({
  rootCause: sentenceSchema,
  causalChain: z.array(sentenceSchema).max(10),
  claims: z.array(sentenceSchema).max(16),
  remediationSteps: z.array(z.object({ step: short, tradeOff: short })).max(8),
  verificationSteps: z.array(short).max(8),
  followUps: z.array(short).max(8),
});
export type DiagnosisOutput = z.infer<typeof diagnosisOutputSchema>;
