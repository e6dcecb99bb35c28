import { isoInstantSchema } from '../../core/schemas/primitives.ts';
import { z } from '../../core/schemas/z.ts';
import { route } from '../route.ts';

const deliveriesSchema = z
  .object({
    deliveries: z.array(
      z.object({
        source: z.string(),
        subject: z.string(),
        state: z.string(),
        outcome: z.string(),
        investigation: z.string().nullable(),
        at: isoInstantSchema,
      }),
    ),
  })
  .meta({ id: 'Deliveries', description: 'Notifications that were taken, newest first.' });

const most = 200;

/** Lists what webhooks have brought, and what was made of it. */
export const listDeliveries = route({
  method: 'get',
  path: '/api/v1/deliveries',
  operationId: 'listDeliveries',
  tag: 'webhooks',
  summary: 'List notifications that were taken, newest first',
  success: { status: 200, description: 'The newest 200.', schema: deliveriesSchema },
  problems: [],
  handle: async ({ store }) => {
    const rows = await store.deliveries.list(most);
    return {
      kind: 'json',
      body: {
        deliveries: rows.map(({ investigationId, at, ...rest }) => ({
          ...rest,
          investigation: investigationId,
          at: new Date(at).toISOString(),
        })),
      },
    };
  },
});
