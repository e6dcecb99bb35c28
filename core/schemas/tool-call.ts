import { z } from './z.ts';
import { digestSchema } from './digest.ts';
import { evidenceIdSchema } from './primitives.ts';

/** A call that an agent wants made: which tool, with which arguments, and why (one sentence for people). */
export const toolCallSchema = z.object({
  tool: z.string().min(1).max(60),
  input: z.json(),
  because: z.string().max(300),
  /** A model asked for it; the embedded policy would not have made it. */
  by: z.literal('model').optional(),
});
export type ToolCall = z.infer<typeof toolCallSchema>;

/** A failure as data, so that whoever called can correct the query. */
export const toolFailureSchema = z.object({
  ok: z.literal(false),
  tool: z.string(),
  code: z.string(),
  message: z.string().max(500),
  hint: z.string().max(300).optional(),
});

/** What comes back from one call through history: a reference to the evidence and its digest, or a failure. */
export const observedSchema = z.discriminatedUnion('ok', [
  z.object({
    ok: z.literal(true),
    tool: z.string(),
    evidenceIds: z.array(evidenceIdSchema).max(8),
    digest: digestSchema,
  }),
  toolFailureSchema,
]);
export type Observed = z.infer<typeof observedSchema>;
