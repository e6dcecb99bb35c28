import { z } from './z.ts';
import { alertSchema } from './alert.ts';
import {
  durationSchema,
  entitySchema,
  investigationIdSchema,
  isoInstantSchema,
  isoWindowSchema,
} from './primitives.ts';
import { investigationPhaseSchema } from './roles.ts';
import { verdictSchema } from './report.ts';

/**
 * Caps of one investigation: `rounds` of each loop, `calls` of tools in all, `wallMs` from start to report. Reaching one forces a conclusion and a
 * report. Two calls are what finding the onset takes.
 */
export const budgetSchema = z.object({
  rounds: z.int().min(1).max(20),
  calls: z.int().min(2).max(200),
  wallMs: z.int().min(1_000).max(2_400_000),
});
export type Budget = z.infer<typeof budgetSchema>;

/**
 * Starts an investigation. `case` is the name of a recorded incident under the configured case folders, or, from loopback only, a path to one;
 * `alert`, `window` and `question` override what the case says. Without a case the telemetry that was received is investigated: `entity` says who
 * hurts, `since` how far to look back when no window is given.
 */
export const investigationRequestSchema = z
  .strictObject({
    case: z.string().min(1).max(1_000).optional(),
    question: z.string().max(2_000).optional(),
    alert: alertSchema.optional(),
    entity: entitySchema.optional(),
    window: isoWindowSchema.optional(),
    since: durationSchema.optional(),
    budget: budgetSchema.partial().optional(),
  })
  .superRefine((request, context) => {
    const refuse = (field: string, message: string): void => {
      context.addIssue({ code: 'custom', path: [field], message });
    };
    if (request.since !== undefined && request.window !== undefined) {
      refuse('since', 'cannot stand beside window');
    }
    for (const field of ['entity', 'since'] as const) {
      if (request.case !== undefined && request[field] !== undefined) {
        refuse(field, 'is for investigations without a case');
      }
    }
  })
  .meta({
    id: 'InvestigationRequest',
    description:
      'Starts an investigation: of a recorded incident, or, without `case`, of the telemetry that was received.',
  });
export type InvestigationRequest = z.infer<typeof investigationRequestSchema>;

const linksSchema = z.object({
  self: z.string(),
  events: z.string(),
  report: z.string(),
  temporal: z.string(),
});

export const investigationStatusSchema = z.enum([
  'accepted',
  'running',
  'completed',
  'cancelled',
  'failed',
]);

/** How an investigation stands. `waitingFor` says what it waits for and until when; null while it works or after it ended. */
export const investigationSchema = z
  .object({
    id: investigationIdSchema,
    case: z.string().nullable(),
    trigger: z.enum(['http', 'cli', 'slo-sweep', 'webhook']),
    status: investigationStatusSchema,
    phase: investigationPhaseSchema.nullable(),
    percent: z.int().min(0).max(100),
    verdict: verdictSchema.nullable(),
    summary: z.string().nullable(),
    title: z.string(),
    createdAt: isoInstantSchema,
    startedAt: isoInstantSchema.nullable(),
    endedAt: isoInstantSchema.nullable(),
    waitingFor: z.object({ what: z.string(), until: isoInstantSchema }).nullable(),
    links: linksSchema,
  })
  .meta({ id: 'Investigation', description: 'How an investigation stands.' });
export type Investigation = z.infer<typeof investigationSchema>;

export const investigationPageSchema = z
  .object({
    investigations: z.array(investigationSchema),
    next: isoInstantSchema
      .nullable()
      .meta({ description: 'Give this as `before` for the next page; null on the last one.' }),
  })
  .meta({ id: 'InvestigationPage', description: 'Investigations, newest first.' });
export type InvestigationPage = z.infer<typeof investigationPageSchema>;
