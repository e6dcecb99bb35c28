import { coverageSchema } from './digest.ts';
import { z } from './z.ts';

/** Something about a case folder: an `error` keeps it from being read; a `gap` is what it lacks, or what is odd about it. */
export const caseRemarkSchema = z.object({
  level: z.enum(['error', 'gap']),
  /** Relative to the case folder; with line and field where they are known. */
  file: z.string(),
  line: z.int().min(1).optional(),
  field: z.string().optional(),
  says: z.string(),
  remedy: z.string(),
});
export type CaseRemark = z.infer<typeof caseRemarkSchema>;

/** What `holdfast case check` found: everything that is wrong or missing, and what telemetry there is. */
export const caseCheckSchema = z
  .object({
    dir: z.string(),
    name: z.string().nullable(),
    isReadable: z.boolean(),
    remarks: z.array(caseRemarkSchema),
    coverage: z.array(coverageSchema),
  })
  .meta({ id: 'CaseCheck', description: 'What is wrong with a case folder, and what it lacks.' });
export type CaseCheck = z.infer<typeof caseCheckSchema>;
