import type { Action } from '../../core/schemas/action.ts';
import type { Investigation } from '../../core/schemas/investigation.ts';
import type { InvestigationRow } from '../../store/store.ts';
import type { AppDependencies } from '../dependencies.ts';

/**
 * Shows how an investigation stands. `actions` are its actions: one that is still to be decided is what it waits for, also after its report has been
 * written.
 */
export function viewOf(
  row: InvestigationRow,
  actions: readonly Action[],
  { config }: Pick<AppDependencies, 'config'>,
): Investigation {
  return {
    id: row.id,
    case: row.caseName,
    trigger: row.trigger,
    status: row.status,
    phase: row.phase,
    percent: row.percent,
    verdict: row.verdict,
    summary: row.summary,
    title: row.title,
    createdAt: toIso(row.createdAt),
    startedAt: row.startedAt === null ? null : toIso(row.startedAt),
    endedAt: row.endedAt === null ? null : toIso(row.endedAt),
    waitingFor: waitingFor(actions),
    links: linksOf(row.id, config),
  };
}

function waitingFor(actions: readonly Action[]): Investigation['waitingFor'] {
  const open = actions.find(({ state }) => state === 'proposed');
  if (open === undefined) return null;
  return { what: `a decision on ${open.actionId}`, until: open.plan.expiresAt };
}

/** Paths on this server; the Temporal UI has its own. */
function linksOf(
  id: string,
  config: Pick<AppDependencies['config'], 'temporalUiUrl' | 'temporalNamespace'>,
): Investigation['links'] {
  const self = pathOf(id);
  const workflow = `/namespaces/${encodeURIComponent(config.temporalNamespace)}/workflows/${encodeURIComponent(id)}`;
  return {
    self,
    events: `${self}/events`,
    report: `${self}/report`,
    temporal: `${config.temporalUiUrl.replace(/\/+$/, '')}${workflow}`,
  };
}

/** Gives where an investigation is found on this server. */
export function pathOf(id: string): string {
  return `/api/v1/investigations/${encodeURIComponent(id)}`;
}

function toIso(at: number): string {
  return new Date(at).toISOString();
}
