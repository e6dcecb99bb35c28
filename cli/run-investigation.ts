import { isAppError } from '../core/errors.ts';
import type { InvestigationRequest } from '../core/schemas/investigation.ts';
import type { ProgressEvent } from '../core/schemas/progress.ts';
import type { Report } from '../core/schemas/report.ts';
import type { Client, Started } from './client.ts';
import { followEvents } from './follow-events.ts';
import type { Io } from './io.ts';
import { showLiveTree } from './render/live-tree.ts';
import { eventLine } from './render/progress-tree.ts';

/** How progress is shown: as a tree that is redrawn, as lines, or not at all. */
export type ProgressView = 'tree' | 'lines' | 'none';

/** Follows an investigation until it has finished and gives its report. */
export async function waitForReport(
  io: Io,
  client: Client,
  id: string,
  view: ProgressView,
): Promise<Report> {
  const events = followEvents(client, id, { isLast: (event) => event.type === 'finished' });
  await showProgress(io, events, view);
  return client.report(id);
}

/** Shows events on standard error until they end: as lines, each step once, when it has ended or is tried again. */
export async function showProgress(
  io: Io,
  events: AsyncIterable<ProgressEvent>,
  view: ProgressView,
): Promise<void> {
  if (view === 'tree') return showLiveTree(events, io.stderr);
  for await (const event of events) {
    const isNews = event.type !== 'begun' || event.attempt > 1;
    if (view === 'lines' && isNews) io.say(`${eventLine(event)}\n`);
  }
}

/** Starts an investigation and says where it can be watched. */
export async function startInvestigation(
  io: Io,
  client: Client,
  request: InvestigationRequest,
): Promise<Started> {
  const investigation = await client.start(request);
  io.say(`Investigation ${investigation.id}\n${await linkLines(client, investigation)}`);
  return investigation;
}

/** Writes where an investigation can be looked at; on its page the person who runs this can decide, by the code in the link. */
export async function linkLines(
  client: Client,
  { id, links }: Pick<Started, 'id' | 'links'>,
): Promise<string> {
  const lines = [
    ['Page', await pageLink(client, id)],
    ['Report', links.report],
    ['API pages', '/docs'],
    ['Temporal UI', links.temporal],
  ] as const;
  return lines
    .map(([name, link]) => `  ${name.padEnd(12)} ${new URL(link, client.url).href}\n`)
    .join('');
}

/** Gives the address of an investigation's page, with a code that is good for once where the API gives one. */
export async function pageLink(client: Client, id: string): Promise<string> {
  const code = await client.sessionCode();
  const query = code === null ? '' : `?code=${encodeURIComponent(code)}`;
  return new URL(`/investigations/${encodeURIComponent(id)}${query}`, client.url).href;
}

/** Gives a report that says of a case that it could not be investigated, so that a list of reports has no holes. */
export function failedReport(caseName: string, investigationId: string, error: unknown): Report {
  const code = isAppError(error) ? error.code : 'bug.invariant';
  const message = error instanceof Error ? error.message : String(error);
  return {
    version: 1,
    investigationId,
    case: caseName,
    status: 'failed',
    verdict: 'inconclusive',
    summary: `${code}: ${message}`,
    onset: null,
    causes: [],
    ranking: [],
    affected: [],
    chain: [],
    timeline: [],
    ruledOut: [],
    gaps: [],
    remediations: [],
    actions: [],
    claims: [],
    iterations: [],
    ended: 'failed',
    cost: { wallMs: 0, toolCalls: 0, modelCalls: 0, inputTokens: 0, outputTokens: 0, usdMicros: 0 },
  };
}
