import { z } from './z.ts';
import { entitySchema, isoInstantSchema } from './primitives.ts';

export const severitySchema = z.enum(['critical', 'error', 'warning', 'info']);
export type Severity = z.infer<typeof severitySchema>;

/** What was known when it began: a rule fired, with labels and a start. */
export const alertSchema = z
  .object({
    title: z.string().min(1).max(300),
    description: z.string().max(8_000).optional(),
    severity: severitySchema.default('error'),
    entity: entitySchema.optional(),
    symptom: z.string().max(200).optional(),
    startedAt: isoInstantSchema.optional(),
    labels: z.record(z.string().max(200), z.string().max(1_000)).default({}),
  })
  .meta({ id: 'Alert', description: 'What was known when it began.' });
export type Alert = z.infer<typeof alertSchema>;
