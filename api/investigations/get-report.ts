import { AppError } from '../../core/errors.ts';
import { renderMarkdown } from '../../core/report/render-markdown.ts';
import type { Action } from '../../core/schemas/action.ts';
import { reportSchema } from '../../core/schemas/report.ts';
import type { Report, ReportAction } from '../../core/schemas/report.ts';
import type { InvestigationRow, Store } from '../../store/store.ts';
import { route } from '../route.ts';
import { investigationParams, requireInvestigation } from './investigation-id.ts';

/** Gives the report, as JSON or as Markdown. What became of its actions later is part of it. */
export const getReport = route({
  method: 'get',
  path: '/api/v1/investigations/{id}/report',
  operationId: 'getReport',
  tag: 'investigations',
  summary: 'Read the report',
  description:
    'JSON, or Markdown for `Accept: text/markdown`. Actions show what became of them up to now.',
  params: investigationParams,
  success: {
    status: 200,
    description: 'The report.',
    schema: reportSchema,
    alternatives: { 'text/markdown': 'The same for people.' },
  },
  problems: ['not-found.investigation', 'not-found.report'],
  handle: async (deps, { params, request, response }) => {
    const row = await requireInvestigation(deps.store, params.id);
    const report = await requireReport(deps.store, row);
    response.vary('Accept');
    if (request.accepts(['application/json', 'text/markdown']) === 'text/markdown') {
      return { kind: 'text', contentType: 'text/markdown', text: renderMarkdown(report) };
    }
    return { kind: 'json', body: report };
  },
});

async function requireReport(store: Store, row: InvestigationRow): Promise<Report> {
  const report = await store.investigations.report(row.id);
  if (report === null) {
    const { status, phase, percent } = row;
    throw new AppError('not-found.report', `${row.id} has no report yet: it is ${status}`, {
      details: { status, phase, percent },
    });
  }
  const actions = await store.actions.ofInvestigation(row.id);
  return { ...report, actions: await Promise.all(actions.map((one) => reportAction(store, one))) };
}

async function reportAction(store: Store, action: Action): Promise<ReportAction> {
  const intent = await store.actions.intent(action.actionId);
  const evidenceIds = [...action.plan.evidenceIds, ...(intent?.evidenceIds ?? [])];
  return {
    actionId: action.actionId,
    planHash: action.planHash,
    tool: action.plan.tool,
    target: action.plan.target,
    state: reportedState(action.state),
    decidedBy: action.decidedBy,
    evidenceIds: [...new Set(evidenceIds)],
  };
}

/** A report knows no state between the decision and its outcome: until something is sent it is still a proposal, then the outcome is unknown. */
function reportedState(state: Action['state']): ReportAction['state'] {
  switch (state) {
    case 'approved':
      return 'proposed';
    case 'sent':
      return 'unknown';
    default:
      return state;
  }
}
