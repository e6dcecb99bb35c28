import { AppError } from '../../core/errors.ts';
import { evidenceSchema, evidenceSummarySchema } from '../../core/schemas/evidence.ts';
import { z } from '../../core/schemas/z.ts';
import { route } from '../route.ts';
import { investigationParams, requireInvestigation } from './investigation-id.ts';

const listSchema = z
  .object({
    evidence: z.array(evidenceSummarySchema),
  })
  .meta({ id: 'EvidenceList', description: 'Evidence without its data, in the order taken.' });

const evidenceParams = investigationParams.extend({
  evidenceId: z.string().min(1).max(100).meta({ description: 'As reports cite it: `ev-...`.' }),
});

/** Lists what an investigation has looked at. */
export const listEvidence = route({
  method: 'get',
  path: '/api/v1/investigations/{id}/evidence',
  operationId: 'listEvidence',
  tag: 'investigations',
  summary: 'List the evidence',
  params: investigationParams,
  success: { status: 200, description: 'All evidence so far.', schema: listSchema },
  problems: ['not-found.investigation'],
  handle: async ({ store }, { params }) => {
    const row = await requireInvestigation(store, params.id);
    return { kind: 'json', body: { evidence: [...(await store.evidence.list(row.id))] } };
  },
});

/** Gives one piece of evidence with its data and where it comes from. */
export const getEvidence = route({
  method: 'get',
  path: '/api/v1/investigations/{id}/evidence/{evidenceId}',
  operationId: 'getEvidence',
  tag: 'investigations',
  summary: 'Read a piece of evidence',
  params: evidenceParams,
  success: { status: 200, description: 'The evidence.', schema: evidenceSchema },
  problems: ['not-found.investigation', 'not-found.evidence'],
  handle: async ({ store }, { params }) => {
    const row = await requireInvestigation(store, params.id);
    const evidence = await store.evidence.get(row.id, params.evidenceId);
    if (evidence !== null) return { kind: 'json', body: evidence };
    throw new AppError('not-found.evidence', `${row.id} has no evidence ${params.evidenceId}`);
  },
});
