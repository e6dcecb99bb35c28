import { AppError, isAppError } from '../../core/errors.ts';
import { z } from '../../core/schemas/z.ts';
import type { SweepResult } from '../../workflows/messages.ts';
import { route } from '../route.ts';

/** Shorter than clients wait. */
const deadlineMs = 25_000;

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
    const { evaluated, burning, opened } = await inTime(deps.sweepSlos());
    return { kind: 'json', body: { evaluated, burning, opened: [...opened] } };
  },
});

/** A sweep that takes longer goes on without us; so does one for which no worker is there yet. */
async function inTime(sweep: Promise<SweepResult>): Promise<SweepResult> {
  const late = new Promise<never>((_, reject) => {
    const says = `the sweep has not ended within ${deadlineMs} ms and goes on; its evaluations will be listed`;
    const refuse = (): void => reject(new AppError('timeout.backend', says));
    AbortSignal.timeout(deadlineMs).addEventListener('abort', refuse, { once: true });
  });
  try {
    return await Promise.race([sweep, late]);
  } catch (error) {
    if (isAppError(error)) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new AppError('unavailable.temporal', `the sweep could not be run: ${reason}`, {
      cause: error,
    });
  }
}
