import type { Action } from '../../core/schemas/action.ts';
import {
  investigationPageSchema,
  investigationStatusSchema,
} from '../../core/schemas/investigation.ts';
import { isoInstantSchema } from '../../core/schemas/primitives.ts';
import { z } from '../../core/schemas/z.ts';
import type { InvestigationRow } from '../../store/store.ts';
import type { AppDependencies } from '../dependencies.ts';
import { route } from '../route.ts';
import { viewOf } from './view.ts';

const querySchema = z.object({
  limit: z
    .string()
    .regex(/^\d{1,3}$/, 'must be a whole number from 1 to 100')
    .transform(Number)
    .pipe(z.int().min(1).max(100))
    .optional()
    .meta({ description: 'How many, 1 to 100; 20 unless told.' }),
  before: isoInstantSchema.optional().meta({
    description: 'Those created before this instant: what `next` of the page before said.',
  }),
  status: investigationStatusSchema.optional().meta({ description: 'Only those that stand so.' }),
});

/** Lists investigations, newest first. */
export const listInvestigations = route({
  method: 'get',
  path: '/api/v1/investigations',
  operationId: 'listInvestigations',
  tag: 'investigations',
  summary: 'List investigations, newest first',
  query: querySchema,
  success: { status: 200, description: 'A page.', schema: investigationPageSchema },
  problems: ['invalid.request'],
  handle: async (deps, { query: { limit = 20, before, status } }) => {
    const rows = await deps.store.investigations.list({
      limit,
      ...(before === undefined ? {} : { before: Date.parse(before) }),
      ...(status === undefined ? {} : { status }),
    });
    const last = rows.at(-1);
    const isFull = last !== undefined && rows.length >= limit;
    const investigations = await Promise.all(
      rows.map(async (row) => viewOf(row, await actionsOf(deps, row), deps)),
    );
    const next = isFull ? new Date(last.createdAt).toISOString() : null;
    return { kind: 'json', body: { investigations, next } };
  },
});

/** Longest time that an action can be open after the report, whatever the configuration was: approvals live a day at most. */
const longestOpenMs = 86_400_000;

/** Older investigations have nothing to wait for, so they are not asked about. */
async function actionsOf(
  { store, now }: AppDependencies,
  row: InvestigationRow,
): Promise<readonly Action[]> {
  const mayBeOpen = row.endedAt === null ? row.percent > 0 : row.endedAt > now() - longestOpenMs;
  return mayBeOpen ? store.actions.ofInvestigation(row.id) : [];
}
