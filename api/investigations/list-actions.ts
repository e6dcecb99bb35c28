import { actionSchema } from '../../core/schemas/action.ts';
import { z } from '../../core/schemas/z.ts';
import { route } from '../route.ts';
import { investigationParams, requireInvestigation } from './investigation-id.ts';

const listSchema = z
  .object({ actions: z.array(actionSchema) })
  .meta({ id: 'ActionList', description: 'The actions that an investigation proposed.' });

/** Lists the actions that an investigation proposed, and what became of them. */
export const listActions = route({
  method: 'get',
  path: '/api/v1/investigations/{id}/actions',
  operationId: 'listActions',
  tag: 'actions',
  summary: 'List the actions of an investigation',
  params: investigationParams,
  success: { status: 200, description: 'All its actions.', schema: listSchema },
  problems: ['not-found.investigation'],
  handle: async ({ store }, { params }) => {
    const row = await requireInvestigation(store, params.id);
    return { kind: 'json', body: { actions: [...(await store.actions.ofInvestigation(row.id))] } };
  },
});
