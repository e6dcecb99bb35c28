import { z } from './z.ts';
import { alertSchema } from './alert.ts';
import { coverageSchema } from './digest.ts';
import { entitySchema, onsetSchema, windowSchema } from './primitives.ts';

/**
 * What scope found out and every agent is given: the alert, the window, the interval in which it began (`suspected`), who hurts, and what there
 * is to look at. `symptomatic` is false when nothing in the window supports the alert: the suspected interval is then the alert's own time.
 */
export const briefSchema = z.object({
  investigationId: z.string(),
  question: z.string().nullable(),
  alert: alertSchema,
  window: windowSchema,
  suspected: onsetSchema,
  symptomatic: z.boolean(),
  entity: entitySchema.nullable(),
  services: z.array(z.string().max(120)).max(60),
  coverage: z.array(coverageSchema).max(10),
  opsServices: z.array(z.string()).max(50),
  /** What may be named as the cause; anything where it is left out. */
  candidates: z.array(entitySchema).max(5_000).optional(),
});
export type Brief = z.infer<typeof briefSchema>;
