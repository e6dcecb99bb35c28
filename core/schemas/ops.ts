import { z } from './z.ts';

/** The contract of a service's operator endpoints under `/ops/`: what Holdfast reads before and after a write, and how the write is made once. */

export const opsStatusSchema = z
  .looseObject({
    service: z.string().min(1),
    revision: z.string().min(1).describe('The release that serves.'),
    previousRevision: z.string().min(1).describe('The release that a rollback goes back to.'),
  })
  .meta({ id: 'OpsStatus', description: 'What the service says of itself.' });

export const opsRollbackSchema = z
  .strictObject({ toRevision: z.string().min(1) })
  .meta({ id: 'OpsRollback', description: 'The release to go back to.' });

export const opsActionSchema = z
  .looseObject({
    key: z.string(),
    state: z
      .enum(['in-progress', 'applied', 'interrupted'])
      .describe('`interrupted`: broken off before anything was applied.'),
  })
  .meta({
    id: 'OpsAction',
    description: 'What one idempotency key asked for, and what came of it.',
  });

/** What an `Idempotency-Key` may look like. */
export const opsKeySchema = z.string().regex(/^[\w.:-]{1,128}$/);
