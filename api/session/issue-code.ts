import { AppError } from '../../core/errors.ts';
import { isoInstantSchema } from '../../core/schemas/primitives.ts';
import { z } from '../../core/schemas/z.ts';
import { route } from '../route.ts';

const lifeMs = 600_000;

const codeSchema = z
  .object({
    code: z.string().meta({ description: 'Goes into a link as `?code=...`.' }),
    expiresAt: isoInstantSchema,
  })
  .meta({ id: 'SessionCode', description: 'Opens one session in a browser, once.' });

/** Gives a person a code for a link, by which a browser becomes theirs. Only its hash is kept. */
export const issueCode = route({
  method: 'post',
  path: '/api/v1/session/codes',
  operationId: 'issueCode',
  tag: 'session',
  summary: 'Get a code for a link',
  description:
    'A link to a page may carry the code; whoever opens it first, within ten minutes, may decide there as the person who asked for it.',
  needsPerson: true,
  success: { status: 201, description: 'A code.', schema: codeSchema },
  problems: ['unauthenticated.token'],
  handle: async ({ store, newSecret, sha256Hex, now }, { caller }) => {
    const { person } = caller;
    if (person === null) throw new AppError('bug.invariant', 'a code for nobody');
    const code = newSecret();
    const at = now();
    const expiresAt = at + lifeMs;
    await store.sessions.issueCode({ hash: sha256Hex(code), person, at, expiresAt });
    return {
      kind: 'json',
      headers: { 'Cache-Control': 'no-store' },
      body: { code, expiresAt: new Date(expiresAt).toISOString() },
    };
  },
});
