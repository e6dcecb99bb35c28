import { z } from './z.ts';
import { specialistSchema } from './roles.ts';
import { toolCallSchema } from './tool-call.ts';

/** Whom the orchestrator asks what, and whom it does not ask because there is nothing to look at. */
export const planSchema = z.object({
  assignments: z
    .array(
      z.object({
        role: specialistSchema,
        question: z.string().max(300),
        calls: z.array(toolCallSchema).min(1).max(6),
      }),
    )
    .max(4),
  gaps: z.array(z.object({ signal: z.string().max(20), reason: z.string().max(300) })).max(10),
});
export type Plan = z.infer<typeof planSchema>;
