import { actionSchema } from '../../core/schemas/action.ts';
import { route } from '../route.ts';
import { actionParams, requireAction } from './require-action.ts';

/** Shows an action: the frozen plan, its hash, and every decision on it. */
export const getAction = route({
  method: 'get',
  path: '/api/v1/actions/{id}',
  operationId: 'getAction',
  tag: 'actions',
  summary: 'See an action and every decision on it',
  params: actionParams,
  success: { status: 200, description: 'The action.', schema: actionSchema },
  problems: ['not-found.action'],
  handle: async ({ store }, { params }) => ({
    kind: 'json',
    body: await requireAction(store, params.id),
  }),
});
