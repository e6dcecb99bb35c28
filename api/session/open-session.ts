import { AppError } from '../../core/errors.ts';
import { sessionSchema } from '../../core/schemas/session.ts';
import { z } from '../../core/schemas/z.ts';
import { writeSessionCookie } from '../middleware/session-cookie.ts';
import { route } from '../route.ts';

/** As long as a day at work. */
const lifeMs = 43_200_000;

const bodySchema = z
  .strictObject({ code: z.string().min(1).max(200) })
  .meta({ id: 'SessionRequest', description: 'What came with the link.' });

/** Exchanges the code of a link for a session, kept by the browser where no script can read it. */
export const openSession = route({
  method: 'post',
  path: '/api/v1/session',
  operationId: 'openSession',
  tag: 'session',
  summary: 'Open a session in a browser',
  description: 'A code is good for once. The session is a cookie and lasts twelve hours.',
  body: bodySchema,
  success: {
    status: 200,
    description: 'The session is open.',
    schema: sessionSchema,
    headers: { 'Set-Cookie': 'The session: HttpOnly, SameSite=Strict.' },
  },
  problems: ['invalid.request', 'unauthenticated.code'],
  handle: async ({ store, newSecret, sha256Hex, now, logger }, { body, request }) => {
    const session = newSecret();
    const at = now();
    const person = await store.sessions.exchange({
      codeHash: sha256Hex(body.code),
      sessionHash: sha256Hex(session),
      at,
      expiresAt: at + lifeMs,
    });
    if (person === null) {
      throw new AppError('unauthenticated.code', 'the code is unknown, used or expired');
    }
    logger.info({ person }, 'a session was opened');
    const isSecure = request.headers.origin?.startsWith('https:') === true;
    return {
      kind: 'json',
      headers: {
        'Cache-Control': 'no-store',
        'Set-Cookie': writeSessionCookie(session, { ageMs: lifeMs, isSecure }),
      },
      body: { person },
    };
  },
});
