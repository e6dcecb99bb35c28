import { AppError } from '../../core/errors.ts';
import { investigationSchema } from '../../core/schemas/investigation.ts';
import type { ProgressDraft } from '../../core/schemas/progress.ts';
import type { InvestigationPhase } from '../../core/schemas/roles.ts';
import type { InvestigationRow } from '../../store/store.ts';
import type { AppDependencies } from '../dependencies.ts';
import { route } from '../route.ts';
import { investigationParams, requireInvestigation } from './investigation-id.ts';
import { viewOf } from './view.ts';

/** Asks an investigation to end. It still writes a report, of what it has found so far. */
export const cancelInvestigation = route({
  method: 'post',
  path: '/api/v1/investigations/{id}/cancel',
  operationId: 'cancelInvestigation',
  tag: 'investigations',
  summary: 'Cancel an investigation',
  description:
    'It ends within seconds, with a report of what it has found so far. Asking twice does no harm.',
  params: investigationParams,
  success: { status: 202, description: 'It has been asked to end.', schema: investigationSchema },
  problems: ['not-found.investigation', 'conflict.ended', 'unavailable.temporal'],
  handle: async (deps, { params, caller }) => {
    const row = await requireInvestigation(deps.store, params.id);
    if (row.endedAt !== null) throw ended(row);
    await ensureStarted(deps, row);
    if ((await deps.temporal.cancelInvestigation(row.id)) === 'not-running') throw ended(row);
    await deps.store.events.append(row.id, [noteOf(row, caller.person)], deps.now());
    const now = await requireInvestigation(deps.store, row.id);
    return { kind: 'json', body: viewOf(now, [], deps) };
  },
});

/** What has not begun cannot be asked to end, and must not begin afterwards. */
async function ensureStarted(deps: AppDependencies, row: InvestigationRow): Promise<void> {
  if (row.status !== 'accepted') return;
  await deps.temporal.startInvestigation(row);
  await deps.store.investigations.markStarted(row.id, deps.now());
}

function ended(row: InvestigationRow): AppError {
  return new AppError('conflict.ended', `${row.id} has ended`);
}

const stages: Readonly<Record<InvestigationPhase, ProgressDraft['stage']>> = {
  scope: 'extract-alert',
  plan: 'plan-actions',
  'fan-out': 'gather-evidence',
  synthesise: 'diagnose',
  verify: 'diagnose',
  remediate: 'deliver',
  report: 'deliver',
};

function noteOf(row: InvestigationRow, person: string | null): ProgressDraft {
  const phase = row.phase ?? 'scope';
  return {
    type: 'note',
    phase,
    stage: stages[phase],
    role: 'orchestrator',
    oodaPhase: null,
    round: 0,
    stepKey: 'cancel',
    attempt: 1,
    percent: row.percent,
    text: person === null ? 'asked to end' : `asked to end by ${person}`,
    data: {},
  };
}
