import { z } from '../../core/schemas/z.ts';
import { route } from '../route.ts';

const resultSchema = z
  .object({
    evaluated: z.int().meta({ description: 'SLOs that were evaluated.' }),
    burning: z.int().meta({ description: 'Those whose budget burns too fast.' }),
    opened: z.array(z.string()).meta({ description: 'Investigations that were opened by it.' }),
  })
  .meta({ id: 'SweepResult', description: 'What a sweep found.' });

/** Evaluates every SLO now instead of at the next turn of the schedule. */
export const sweepSlos = route({
  method: 'post',
  path: '/api/v1/slos/sweep',
  operationId: 'sweepSlos',
  tag: 'slos',
  summary: 'Evaluate every SLO now',
  description:
    'Does what the schedule does, and answers when it is done. A budget that burns opens an investigation, once an episode.',
  success: { status: 200, description: 'What was found.', schema: resultSchema },
  problems: ['unavailable.temporal', 'timeout.backend'],
  handle: async (deps) => {
    const { evaluated, burning, opened } = await deps.sweepSlos();
    return { kind: 'json', body: { evaluated, burning, opened: [...opened] } };
  },
});
