import { investigationSchema } from '../../core/schemas/investigation.ts';
import { route } from '../route.ts';
import { investigationParams, requireInvestigation } from './investigation-id.ts';
import { viewOf } from './view.ts';

/** Tells how an investigation stands. */
export const getInvestigation = route({
  method: 'get',
  path: '/api/v1/investigations/{id}',
  operationId: 'getInvestigation',
  tag: 'investigations',
  summary: 'See how an investigation stands',
  params: investigationParams,
  success: { status: 200, description: 'How it stands.', schema: investigationSchema },
  problems: ['not-found.investigation'],
  handle: async (deps, { params }) => {
    const row = await requireInvestigation(deps.store, params.id);
    const actions = await deps.store.actions.ofInvestigation(row.id);
    return { kind: 'json', body: viewOf(row, actions, deps) };
  },
});
