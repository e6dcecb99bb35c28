import { sessionSchema } from '../../core/schemas/session.ts';
import { route } from '../route.ts';

/** Tells whom the server takes the caller for. */
export const getSession = route({
  method: 'get',
  path: '/api/v1/session',
  operationId: 'getSession',
  tag: 'session',
  summary: 'See as whom one calls',
  success: { status: 200, description: 'The person, or nobody.', schema: sessionSchema },
  problems: [],
  handle: async (_deps, { caller }) => ({
    kind: 'json',
    headers: { 'Cache-Control': 'no-store' },
    body: { person: caller.person },
  }),
});
