import { z } from './z.ts';
import { faultKindSchema } from './fault-kind.ts';
import { entitySchema, evidenceIdSchema, onsetSchema } from './primitives.ts';
import { roleSchema, specialistSchema } from './roles.ts';
import { toolCallSchema } from './tool-call.ts';

/** A proposed cause, scored from evidence. `score` is the margin-fused strength (≥ 0); evidence may speak for and against it. */
export const hypothesisSchema = z.object({
  id: z.string().max(120),
  entity: entitySchema,
  faultKind: faultKindSchema,
  state: z.enum(['open', 'supported', 'refuted']),
  mechanism: z.string().max(400),
  score: z.number().min(0),
  onset: onsetSchema.optional(),
  changeId: z.string().max(120).nullable().default(null),
  evidenceFor: z.array(evidenceIdSchema).max(8),
  evidenceAgainst: z.array(evidenceIdSchema).max(8).default([]),
  because: z.string().max(400).default(''),
});
export type Hypothesis = z.infer<typeof hypothesisSchema>;

/** What orient returns: hypotheses, best first, and what is still not known. */
export const orientationSchema = z.object({
  hypotheses: z.array(hypothesisSchema).max(8),
  openQuestions: z.array(z.string().max(200)).max(6).default([]),
});
export type Orientation = z.infer<typeof orientationSchema>;

/** A sentence of fact with the evidence that carries it. Numbers in `text` must stand in that evidence. */
export const claimSchema = z.object({
  text: z.string().min(1).max(400),
  evidenceIds: z.array(evidenceIdSchema).min(1).max(8),
});
export type Claim = z.infer<typeof claimSchema>;

/** A specialist's conclusion. `conclusion` says whether it saw something, saw that all is as before, or could not tell. */
export const findingSchema = z
  .object({
    role: roleSchema,
    conclusion: z.enum(['anomalous', 'normal', 'no-conclusion']),
    summary: z.string().max(600),
    hypotheses: z.array(hypothesisSchema).max(8),
    claims: z.array(claimSchema).max(8),
    gaps: z
      .array(z.object({ signal: z.string().max(20), reason: z.string().max(300) }))
      .max(6)
      .default([]),
    confidence: z.number().min(0).max(1),
    /** Why the loop ended: because it had an answer, or because a cap was reached. */
    ended: z
      .enum(['answered', 'rounds', 'calls', 'time', 'failed', 'cancelled'])
      .default('answered'),
  })
  .meta({ id: 'Finding', description: "A specialist's conclusion; cites evidence." });
export type Finding = z.infer<typeof findingSchema>;

/** What decide returns: look closer, ask another specialist, or conclude. */
export const decisionSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('look'),
    reasoning: z.string().max(500),
    calls: z.array(toolCallSchema).min(1).max(6),
  }),
  z.object({
    kind: z.literal('ask'),
    reasoning: z.string().max(500),
    specialist: specialistSchema,
    question: z.string().max(300),
    calls: z.array(toolCallSchema).min(1).max(4),
  }),
  z.object({ kind: z.literal('conclude'), reasoning: z.string().max(500) }),
]);
export type Decision = z.infer<typeof decisionSchema>;
