import { isoInstantSchema } from '../../core/schemas/primitives.ts';
import { z } from '../../core/schemas/z.ts';
import { route } from '../route.ts';

const evaluationsSchema = z
  .object({
    evaluations: z.array(
      z.object({
        slo: z.string(),
        state: z.string(),
        at: isoInstantSchema,
        detail: z.json().meta({ description: 'The figures it was decided by.' }),
      }),
    ),
  })
  .meta({ id: 'SloEvaluations', description: 'Evaluations of SLOs, newest first.' });

/** Lists what the sweeps found. */
export const listEvaluations = route({
  method: 'get',
  path: '/api/v1/slos/evaluations',
  operationId: 'listSloEvaluations',
  tag: 'slos',
  summary: 'List evaluations of SLOs, newest first',
  query: z.object({
    limit: z
      .string()
      .regex(/^\d{1,3}$/, 'must be a whole number from 1 to 500')
      .transform(Number)
      .pipe(z.int().min(1).max(500))
      .optional()
      .meta({ description: 'How many, 1 to 500; 50 unless told.' }),
  }),
  success: { status: 200, description: 'The newest evaluations.', schema: evaluationsSchema },
  problems: ['invalid.request'],
  handle: async ({ store }, { query }) => {
    const rows = await store.slos.evaluations(query.limit ?? 50);
    return {
      kind: 'json',
      body: {
        evaluations: rows.map(({ slo, state, at, detail }) => ({
          slo,
          state,
          at: new Date(at).toISOString(),
          detail: z.json().parse(detail),
        })),
      },
    };
  },
});
