import { z } from './z.ts';
import { evidenceIdSchema, windowSchema } from './primitives.ts';
import { roleSchema } from './roles.ts';

/** How a person wants to see it. */
export const evidenceViewSchema = z.enum([
  'series',
  'waterfall',
  'log-table',
  'graph',
  'table',
  'text',
  'markdown',
]);

/**
 * What a tool hands over to be kept: an immutable observation with its provenance. `data` is plain JSON and may be large (bounded by the
 * tool's limits); `query` is exactly what was asked of `source`; `key` names what it is about within its tool, e.g. `payments/self-time`.
 */
export const evidenceDraftSchema = z.object({
  key: z.string().min(1).max(200),
  kind: z.enum([
    'metrics',
    'logs',
    'traces',
    'changes',
    'topology',
    'alerts',
    'state',
    'runbooks',
    'coverage',
    'ops',
    'analysis',
  ]),
  title: z.string().min(1).max(300),
  source: z.string().max(500),
  query: z.string().max(8_000),
  window: windowSchema,
  view: evidenceViewSchema,
  data: z.json(),
});
export type EvidenceDraft = z.infer<typeof evidenceDraftSchema>;

/**
 * Evidence as kept and served. `id` is derived from the content (kind, key, source, query, window, data), so the same observation has the same
 * id in every run; tool, arguments, role and round say how it came to be looked at.
 */
export const evidenceSchema = evidenceDraftSchema
  .extend({
    id: evidenceIdSchema,
    tool: z.string(),
    arguments: z.json(),
    role: roleSchema,
    round: z.int().min(0),
    takenAt: z.number(),
    confidence: z.number().min(0).max(1).optional(),
  })
  .meta({ id: 'Evidence', description: 'An immutable observation with provenance.' });
export type Evidence = z.infer<typeof evidenceSchema>;

/** Where evidence comes from, without what was seen. */
export const evidenceSummarySchema = evidenceSchema
  .omit({ data: true })
  .meta({ id: 'EvidenceSummary' });
export type EvidenceSummary = z.infer<typeof evidenceSummarySchema>;
