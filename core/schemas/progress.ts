import { z } from './z.ts';
import { isoInstantSchema } from './primitives.ts';
import { investigationPhaseSchema, oodaPhaseSchema, roleSchema } from './roles.ts';

/**
 * One line of an investigation's progress. `sequence` counts up from 1 within the investigation, without gaps, in the order of commitment.
 * A step stands as `begun` once an attempt and as `ended` exactly once. `stage` is the pipeline name of the same moment for readers who know
 * the six stages.
 */
export const progressEventSchema = z
  .object({
    investigationId: z.string(),
    sequence: z.int().min(1),
    at: isoInstantSchema,
    type: z.enum(['begun', 'ended', 'failed', 'note', 'finished', 'action']),
    phase: investigationPhaseSchema,
    stage: z.enum([
      'resolve-integrations',
      'extract-alert',
      'plan-actions',
      'gather-evidence',
      'diagnose',
      'deliver',
    ]),
    role: roleSchema,
    oodaPhase: oodaPhaseSchema.nullable(),
    round: z.int().min(0),
    stepKey: z.string(),
    attempt: z.int().min(1),
    percent: z.int().min(0).max(100),
    text: z.string().max(500),
    /** Small facts about the step for programs: tool names, decision, counts. */
    data: z.record(z.string(), z.json()).default({}),
  })
  .meta({ id: 'ProgressEvent', description: "One line of an investigation's progress." });
export type ProgressEvent = z.infer<typeof progressEventSchema>;

/** What a step writes; the store adds sequence, instant and percentage floor. */
export type ProgressDraft = Omit<ProgressEvent, 'investigationId' | 'sequence' | 'at'>;
