import {
  durationSchema,
  entityKindSchema,
  investigationIdSchema,
  isoInstantSchema,
} from './primitives.ts';
import { z } from './z.ts';

/** An entity as one word, as a query or a command line has it: `service:checkout`. */
export const entityTextSchema = z
  .string()
  .max(250)
  .transform((text, context) => {
    const [kind, ...name] = text.split(':');
    const parsed = entityKindSchema.safeParse(kind);
    if (parsed.success && name.join(':') !== '') return { kind: parsed.data, name: name.join(':') };
    const kinds = entityKindSchema.options.join(', ');
    context.issues.push({
      code: 'custom',
      input: text,
      message: `must be KIND:NAME, such as service:checkout; kinds are ${kinds}`,
    });
    return z.NEVER;
  });

/** What is to be exported as a case: what an investigation worked on, or what is kept of a window that ends at `until` (now) and is `since` long (2h). */
export const caseExportQuerySchema = z.strictObject({
  investigation: investigationIdSchema.optional(),
  since: durationSchema.optional(),
  until: isoInstantSchema.optional(),
  title: z.string().min(1).max(300).optional(),
  entity: entityTextSchema.optional(),
});
export type CaseExportQuery = z.infer<typeof caseExportQuerySchema>;

/** The parts of an exported case, each the one key of a line: first `incident`, last `end`. */
export const exportedKinds = ['traces', 'metrics', 'logs', 'changes'] as const;

export const exportEndSchema = z.object({ lines: z.int().min(0) });
