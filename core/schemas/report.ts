import { z } from './z.ts';
import {
  sha256Schema,
  entitySchema,
  evidenceIdSchema,
  isoInstantSchema,
  isoOnsetSchema,
} from './primitives.ts';
import { diagnosisSchema } from './diagnosis.ts';
import { faultKindSchema } from './fault-kind.ts';

export const verdictSchema = z.enum(['cause-found', 'no-cause-found', 'inconclusive']);
export type Verdict = z.infer<typeof verdictSchema>;

const evidenceIds = z.array(evidenceIdSchema);

export const reportActionSchema = z.object({
  actionId: z.string(),
  planHash: sha256Schema,
  tool: z.string(),
  target: entitySchema,
  state: z.enum([
    'proposed',
    'refused',
    'rejected',
    'expired',
    'applied',
    'not-applied',
    'unknown',
  ]),
  decidedBy: z.string().nullable(),
  evidenceIds,
});
export type ReportAction = z.infer<typeof reportActionSchema>;

/** Who decided, and what had to be done about the words of a model. */
export const reasonerSchema = z
  .object({
    kind: z.enum(['embedded', 'model']),
    /** Which model, where one was to reason. */
    model: z.string().nullable(),
    /** What the model was told to be, by role: SHA-256 of each prompt. */
    promptHashes: z.record(z.string(), sha256Schema),
    /** Where the embedded policy decided though a model was to, and why. */
    fallbacks: z.array(
      z.object({
        role: z.string(),
        round: z.int(),
        because: z.enum(['outage', 'budget', 'model-output']),
        says: z.string(),
      }),
    ),
    /** Answers that could only be used after a repair, and questions that had to be put again. */
    repairCount: z.int(),
    askedAgainCount: z.int(),
    /** Tools that it wanted and was not given; sentences of its that no evidence carries. */
    refusedTools: z.array(z.string()),
    droppedCount: z.int(),
  })
  .meta({ id: 'Reasoner', description: 'Who decided.' });
export type ReportReasoner = z.infer<typeof reasonerSchema>;

/** The answer of an investigation: a public contract. Fields are added, never changed or dropped. */
export const reportSchema = z
  .object({
    version: z.literal(1),
    investigationId: z.string(),
    case: z.string().nullable(),
    status: z.enum(['completed', 'cancelled', 'failed']),
    verdict: verdictSchema,
    summary: z.string(),
    onset: isoOnsetSchema.nullable(),
    causes: z.array(
      z.object({
        entity: entitySchema,
        faultKind: faultKindSchema,
        faultDetail: z.string(),
        mechanism: z.string(),
        changeId: z.string().nullable(),
        since: isoOnsetSchema.nullable(),
        confidence: z.number().min(0).max(1),
        evidenceIds,
      }),
    ),
    ranking: z.array(
      z.object({ entity: entitySchema, score: z.number(), faultKind: faultKindSchema }),
    ),
    affected: z.array(
      z.object({ entity: entitySchema, role: z.enum(['cause', 'propagated', 'symptom']) }),
    ),
    chain: z.array(
      z.object({
        from: entitySchema,
        to: entitySchema,
        tests: z.object({ edge: z.boolean(), deviates: z.boolean(), order: z.boolean() }),
        evidenceIds,
      }),
    ),
    timeline: z.array(z.object({ at: isoInstantSchema, text: z.string(), evidenceIds })),
    ruledOut: z.array(z.object({ hypothesis: z.string(), because: z.string(), evidenceIds })),
    gaps: z.array(z.object({ signal: z.string(), reason: z.string() })),
    remediations: z.array(
      z.object({
        kind: z.string(),
        target: entitySchema,
        rationale: z.string(),
        risk: z.enum(['low', 'medium', 'high']),
        evidenceIds,
      }),
    ),
    actions: z.array(reportActionSchema),
    claims: z.array(z.object({ text: z.string(), evidenceIds, checked: z.boolean() })),
    /** Per specialist and round: what was looked at, what came of it, and whether it went on. */
    iterations: z.array(
      z.object({
        role: z.string(),
        round: z.int(),
        reasoning: z.string(),
        tools: z.array(z.string()),
        hypotheses: z.array(z.string()),
        continued: z.boolean(),
        at: isoInstantSchema,
        evidenceIds,
      }),
    ),
    /** What ended the investigation: an answer, or the cap that forced a conclusion. */
    ended: z.enum(['answered', 'rounds', 'calls', 'time', 'failed', 'cancelled']),
    /** Which embedded policies decided, by their version. */
    policyVersion: z.string().optional(),
    /** Who decided: the embedded policies alone, or a model with them; absent in reports written before models could. */
    reasoner: reasonerSchema.optional(),
    /** What a model said of it, checked; absent where none did. */
    diagnosis: diagnosisSchema.optional(),
    cost: z.object({
      wallMs: z.int(),
      toolCalls: z.int(),
      modelCalls: z.int(),
      inputTokens: z.int(),
      outputTokens: z.int(),
      usdMicros: z.int(),
      /** The largest resident memory of the worker process that wrote the report, since it started. */
      peakMemoryBytes: z.int().optional(),
    }),
  })
  .meta({ id: 'Report', description: 'The answer of an investigation.' });
export type Report = z.infer<typeof reportSchema>;
