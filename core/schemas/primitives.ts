import { z } from './z.ts';

/** What may be named in a case, a finding or a report; the closed list of the case format. */
export const entityKindSchema = z.enum([
  'service',
  'instance',
  'node',
  'namespace',
  'database',
  'queue',
  'edge',
  'external',
]);

/** A named thing that can be healthy or at fault. Two references are the same entity when kind and name are equal. */
export const entitySchema = z
  .object({ kind: entityKindSchema, name: z.string().min(1).max(200) })
  .meta({ id: 'Entity', description: 'A named thing that can be healthy or at fault.' });
export type Entity = z.infer<typeof entitySchema>;

/** An instant at a boundary: ISO 8601 in UTC. Inside the product instants are epoch milliseconds (`...At`). */
export const isoInstantSchema = z.iso.datetime({ offset: true });

/** A length of time at a boundary: a whole number with its unit. */
export const durationSchema = z
  .string()
  .regex(/^[1-9]\d{0,5}[smhd]$/, 'must be a whole number with s, m, h or d, such as 30m')
  .meta({ id: 'Duration', description: 'A whole number with s, m, h or d: `30m`, `2h`.' });

/** A window at a boundary, half-open: start belongs to it, end does not. */
export const isoWindowSchema = z
  .object({ start: isoInstantSchema, end: isoInstantSchema })
  .meta({ id: 'Window', description: 'Half-open: start belongs to it, end does not.' });
export type IsoWindow = z.infer<typeof isoWindowSchema>;

/** A half-open window [startAt, endAt) in epoch milliseconds. */
export const windowSchema = z.object({ startAt: z.number(), endAt: z.number() });
export type Window = Readonly<z.infer<typeof windowSchema>>;

/** An interval of belief in which something began, both ends included, in epoch milliseconds. */
export const onsetSchema = z.object({ earliestAt: z.number(), latestAt: z.number() });
export type Onset = Readonly<z.infer<typeof onsetSchema>>;

/** The same at a boundary. */
export const isoOnsetSchema = z
  .object({ earliest: isoInstantSchema, latest: isoInstantSchema })
  .meta({ id: 'Onset', description: 'The interval in which something began.' });

export const evidenceIdSchema = z.string().regex(/^ev-[0-9a-f]{16}$/);
export const investigationIdSchema = z.string().regex(/^inv-[0-9a-z-]{4,60}$/);
export const actionIdSchema = z.string().regex(/^act-[0-9a-z-]{4,80}$/);
export const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/);
