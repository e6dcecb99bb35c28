import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { Action } from '../../../core/schemas/action.ts';
import type { Evidence, EvidenceSummary } from '../../../core/schemas/evidence.ts';
import type { Investigation, InvestigationPage } from '../../../core/schemas/investigation.ts';
import type { Report } from '../../../core/schemas/report.ts';
import type { Session } from '../../../core/schemas/session.ts';
import { getJson } from './client.ts';

const root = '/api/v1/investigations';
const liveMs = 3_000;
const idleMs = 15_000;

/** Where everything of one investigation lies. */
export function pathOf(id: string): string {
  return `${root}/${encodeURIComponent(id)}`;
}

export const investigationsQuery = infiniteQueryOptions({
  queryKey: ['investigations'],
  queryFn: ({ pageParam, signal }) => {
    const before = pageParam === null ? '' : `&before=${encodeURIComponent(pageParam)}`;
    return getJson<InvestigationPage>(`${root}?limit=30${before}`, signal);
  },
  initialPageParam: null as string | null,
  getNextPageParam: ({ next }) => next,
  refetchInterval: ({ state }) =>
    state.data?.pages.some((page) => page.investigations.some(isOpen)) === true ? liveMs : idleMs,
});

function isOpen({ endedAt, waitingFor }: Investigation): boolean {
  return endedAt === null || waitingFor !== null;
}

export function investigationQuery(id: string) {
  return queryOptions({
    queryKey: ['investigation', id],
    queryFn: ({ signal }) => getJson<Investigation>(pathOf(id), signal),
  });
}

/** The report; there is one once the investigation has ended. */
export function reportQuery(id: string) {
  return queryOptions({
    queryKey: ['report', id],
    queryFn: ({ signal }) => getJson<Report>(`${pathOf(id)}/report`, signal),
  });
}

export function evidenceListQuery(id: string) {
  return queryOptions({
    queryKey: ['evidence-list', id],
    queryFn: async ({ signal }) =>
      (
        await getJson<{ readonly evidence: readonly EvidenceSummary[] }>(
          `${pathOf(id)}/evidence`,
          signal,
        )
      ).evidence,
  });
}

/** One piece with its data; what was once seen never changes. */
export function evidenceQuery(id: string, evidenceId: string) {
  return queryOptions({
    queryKey: ['evidence', id, evidenceId],
    queryFn: ({ signal }) =>
      getJson<Evidence>(`${pathOf(id)}/evidence/${encodeURIComponent(evidenceId)}`, signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** Whom the server takes this browser for. */
export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: ({ signal }) => getJson<Session>('/api/v1/session', signal),
  staleTime: 60_000,
});

export function actionsQuery(id: string) {
  return queryOptions({
    queryKey: ['actions', id],
    queryFn: async ({ signal }) =>
      (await getJson<{ readonly actions: readonly Action[] }>(`${pathOf(id)}/actions`, signal))
        .actions,
    refetchInterval: ({ state }) => (state.data?.some(isUnsettled) === true ? 1_000 : false),
  });
}

/** Whether something may still become of an action. */
export function isUnsettled({ state }: Action): boolean {
  return state === 'proposed' || state === 'approved' || state === 'sent';
}
