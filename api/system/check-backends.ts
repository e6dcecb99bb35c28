import { z } from '../../core/schemas/z.ts';
import { route } from '../route.ts';

const checksSchema = z
  .object({
    checks: z.array(
      z.object({
        name: z.string(),
        state: z.enum(['ok', 'fail']),
        found: z.string(),
        advice: z.string(),
      }),
    ),
  })
  .meta({ id: 'BackendChecks', description: 'How the backends stand that are looked at.' });

/** Less than a client waits for the answer. */
const longestMs = 25_000;

/** Asks every backend for next to nothing, now. */
export const checkBackends = route({
  method: 'get',
  path: '/api/v1/backends',
  operationId: 'checkBackends',
  tag: 'system',
  summary: 'Look whether the backends let themselves be read',
  description:
    'Each is asked for next to nothing. Where one refuses, `advice` names the role, API or project that is missing. Empty when what was received is looked at.',
  success: { status: 200, description: 'Each backend.', schema: checksSchema },
  problems: ['timeout.backend'],
  handle: async ({ checkBackends: check }) => {
    const checks = await check(AbortSignal.timeout(longestMs));
    return { kind: 'json', body: { checks: checks.map((one) => ({ ...one })) } };
  },
});
