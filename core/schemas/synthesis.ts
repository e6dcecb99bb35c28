import { z } from './z.ts';
import { faultKindSchema } from './fault-kind.ts';
import { entitySchema, evidenceIdSchema, onsetSchema } from './primitives.ts';
import { verdictSchema } from './report.ts';

const evidenceIds = z.array(evidenceIdSchema).max(8);

/** A cause as root cause accepts it; the report's cause, with instants in epoch milliseconds. */
export const synthesisCauseSchema = z.object({
  entity: entitySchema,
  faultKind: faultKindSchema,
  faultDetail: z.string().max(300),
  mechanism: z.string().max(600),
  changeId: z.string().max(120).nullable(),
  since: onsetSchema.nullable(),
  confidence: z.number().min(0).max(1),
  evidenceIds,
});
export type SynthesisCause = z.infer<typeof synthesisCauseSchema>;

/** One step of the causal chain, in the direction in which the harm spread, with the three tests that it must pass to be printed as proved. */
export const chainStepSchema = z.object({
  from: entitySchema,
  to: entitySchema,
  tests: z.object({ edge: z.boolean(), deviates: z.boolean(), order: z.boolean() }),
  evidenceIds,
});
export type ChainStep = z.infer<typeof chainStepSchema>;

/** A sentence of fact; `checked` says that code found its evidence and every number that it quotes. */
export const synthesisClaimSchema = z.object({
  text: z.string().min(1).max(400),
  evidenceIds,
  checked: z.boolean().default(false),
});
export type SynthesisClaim = z.infer<typeof synthesisClaimSchema>;

/**
 * What root cause returns besides its finding: everything that the report says about the cause. At most 48 KB as JSON. `causes` is empty unless the
 * verdict is `cause-found`; `ranking` holds every entity that stood out, best first, its scores adding up to at most 1.
 */
export const synthesisSchema = z.object({
  verdict: verdictSchema,
  summary: z.string().max(900),
  confidence: z.number().min(0).max(1),
  onset: onsetSchema.nullable(),
  causes: z.array(synthesisCauseSchema).max(3),
  ranking: z
    .array(z.object({ entity: entitySchema, score: z.number(), faultKind: faultKindSchema }))
    .max(30),
  affected: z
    .array(z.object({ entity: entitySchema, role: z.enum(['cause', 'propagated', 'symptom']) }))
    .max(30),
  chain: z.array(chainStepSchema).max(12),
  ruledOut: z
    .array(z.object({ hypothesis: z.string().max(400), because: z.string().max(400), evidenceIds }))
    .max(12),
  claims: z.array(synthesisClaimSchema).max(24),
  timeline: z.array(z.object({ at: z.number(), text: z.string().max(300), evidenceIds })).max(24),
});
export type SynthesisResult = z.infer<typeof synthesisSchema>;

/**
 * What is left of a synthesis after the verifier: only claims whose evidence carries them, a chain whose tests were run again, and a cause that has at
 * least one claim left. `dropped` names what was taken out and why; `demoted` says that the verdict became `inconclusive` by it.
 */
export const verificationSchema = z.object({
  synthesis: synthesisSchema,
  dropped: z.array(z.object({ text: z.string().max(400), because: z.string().max(300) })).max(40),
  droppedCount: z.int().min(0),
  checkedCount: z.int().min(0),
  demoted: z.boolean(),
});
export type VerificationResult = z.infer<typeof verificationSchema>;
