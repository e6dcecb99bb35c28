import { z } from './z.ts';

/** Whom the server takes someone for; nobody may look on loopback, and decide nowhere. */
export const sessionSchema = z
  .object({ person: z.string().nullable() })
  .meta({ id: 'Session', description: 'Whom the server takes the caller for.' });
export type Session = z.infer<typeof sessionSchema>;
