import { z } from './z.ts';
import {
  actionIdSchema,
  entitySchema,
  evidenceIdSchema,
  isoInstantSchema,
  sha256Schema,
} from './primitives.ts';

/** What a tool can do to the world; the guard decides by it, and what is not on the list is forbidden. */
export const effectClassSchema = z.enum([
  'read',
  'read-sensitive',
  'write-reversible',
  'write-irreversible',
  'forbidden',
]);
export type EffectClass = z.infer<typeof effectClassSchema>;

/**
 * A write frozen for approval. Its canonical JSON is hashed, decisions are bound to that hash, and exactly this object is carried out. `dryRun`
 * is what the target said of itself when the plan was made; `expected` is what a read-back must show afterwards.
 */
export const actionPlanSchema = z
  .object({
    version: z.literal(1),
    actionId: actionIdSchema,
    investigationId: z.string(),
    tool: z.string(),
    effect: effectClassSchema,
    target: entitySchema,
    url: z.url(),
    method: z.literal('POST'),
    arguments: z.record(z.string(), z.json()),
    dryRun: z.record(z.string(), z.json()),
    expected: z.record(z.string(), z.json()),
    rationale: z.string().max(600),
    risk: z.enum(['low', 'medium', 'high']),
    rollback: z.string().max(300),
    evidenceIds: z.array(evidenceIdSchema).max(8),
    expiresAt: isoInstantSchema,
  })
  .meta({ id: 'ActionPlan', description: 'A write frozen for approval.' });
export type ActionPlan = z.infer<typeof actionPlanSchema>;

export const decisionKindSchema = z.enum(['approve', 'reject']);
export type DecisionKind = z.infer<typeof decisionKindSchema>;

/** The body of `POST /api/v1/actions/:id/decision`. `deliver: "print"` signs a grant and returns the signal without sending it. */
export const decisionRequestSchema = z
  .strictObject({
    decision: decisionKindSchema,
    planHash: sha256Schema,
    reason: z.string().max(1_000).default(''),
    deliver: z.enum(['signal', 'print']).default('signal'),
  })
  .meta({ id: 'DecisionRequest', description: "A person's decision on a frozen action." });
export type DecisionRequest = z.infer<typeof decisionRequestSchema>;

/** The signal `decideAction` as it reaches the workflow. */
export const decideActionSchema = z
  .object({
    actionId: z.string().max(100),
    planHash: z.string().max(100),
    decision: decisionKindSchema,
    reason: z.string().max(1_000).default(''),
    grant: z.string().max(4_000).optional(),
  })
  .meta({ id: 'DecideAction', description: 'The signal that carries a decision.' });
export type DecideAction = z.infer<typeof decideActionSchema>;

/** What a grant says, once its signature and expiry have been checked. `id` is single use. */
export const grantClaimsSchema = z.object({
  id: z.string(),
  person: z.string().min(1).max(200),
  actionId: actionIdSchema,
  planHash: sha256Schema,
  decision: decisionKindSchema,
  /** SHA-256 of the reason: the words on record are the person's own. */
  reasonHash: sha256Schema,
  expiresAt: z.number(),
});
export type GrantClaims = z.infer<typeof grantClaimsSchema>;

/** An action as the API shows it. */
export const actionSchema = z
  .object({
    actionId: actionIdSchema,
    investigationId: z.string(),
    planHash: sha256Schema,
    plan: actionPlanSchema,
    state: z.enum([
      'proposed',
      'approved',
      'refused',
      'rejected',
      'expired',
      'sent',
      'applied',
      'not-applied',
      'unknown',
    ]),
    decidedBy: z.string().nullable(),
    decisions: z.array(
      z.object({
        at: isoInstantSchema,
        decision: decisionKindSchema
          .nullable()
          .describe('Null where what arrived could not be read as a decision.'),
        person: z.string().nullable(),
        accepted: z.boolean(),
        because: z.string(),
        reason: z.string(),
      }),
    ),
  })
  .meta({ id: 'Action', description: 'A frozen write and what became of it.' });
export type Action = z.infer<typeof actionSchema>;
