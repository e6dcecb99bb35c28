import { reportSchema } from '../../core/schemas/report.ts';
import { z } from '../../core/schemas/z.ts';
import { route } from '../route.ts';
import { investigationParams, requireInvestigation } from './investigation-id.ts';
import { iterationsOf } from './iterations-of.ts';

/** Longest story that is read for it; a run has far fewer events. */
const maxEvents = 5_000;

const iterationsSchema = z
  .object({
    complete: z.boolean().meta({ description: 'Whether the investigation has ended.' }),
    iterations: reportSchema.shape.iterations,
  })
  .meta({
    id: 'Iterations',
    description: 'What each agent did in each round, and why it went on.',
  });

/** Tells what each agent did in each round: from the report, or while there is none, from the progress so far. */
export const getIterations = route({
  method: 'get',
  path: '/api/v1/investigations/{id}/iterations',
  operationId: 'getIterations',
  tag: 'investigations',
  summary: 'See the rounds of every agent',
  params: investigationParams,
  success: { status: 200, description: 'The rounds so far.', schema: iterationsSchema },
  problems: ['not-found.investigation'],
  handle: async ({ store }, { params }) => {
    const row = await requireInvestigation(store, params.id);
    const report = await store.investigations.report(row.id);
    if (report !== null) {
      return { kind: 'json', body: { complete: true, iterations: report.iterations } };
    }
    const events = await store.events.since(row.id, 0, maxEvents);
    return { kind: 'json', body: { complete: false, iterations: iterationsOf(events) } };
  },
});
