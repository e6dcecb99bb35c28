import type { Change, ChangesQuery, Read } from '../../core/ports/telemetry.ts';
import { readPages } from './call.ts';
import { changeOf } from './change-of-audit.ts';
import type { GoogleClients } from './clients.ts';
import { neverChange, rarelyChange } from './no-change.ts';
import { readEntryPage, timeRange } from './read-logs.ts';

/** Ten pages: Cloud Logging allows 60 reads a minute. */
const mostEntries = 10_000;

function isUnlike({ source }: RegExp): string {
  return `protoPayload.methodName !~ ${JSON.stringify(source)}`;
}

/** Writes to what runs programs: workloads and configuration of GKE, revisions of Cloud Run, and the like. Reads are no changes, nor is what controllers do by themselves. */
const what = [
  'log_id("cloudaudit.googleapis.com/activity")',
  `(${[
    'protoPayload.serviceName = "k8s.io"',
    'protoPayload.serviceName = "run.googleapis.com"',
    'protoPayload.serviceName = "cloudfunctions.googleapis.com"',
    'protoPayload.serviceName = "appengine.googleapis.com"',
    'protoPayload.serviceName = "cloudsql.googleapis.com"',
    'protoPayload.serviceName = "compute.googleapis.com"',
    'protoPayload.serviceName = "container.googleapis.com"',
  ].join(' OR ')})`,
  'NOT protoPayload.status.code > 0',
  isUnlike(neverChange),
  `(${[
    isUnlike(rarelyChange),
    'protoPayload.request.metadata.annotations."change.kind" : *',
    'protoPayload.response.metadata.annotations."change.kind" : *',
  ].join(' OR ')})`,
];

/**
 * Reads what was changed, of the audit log: the last first, for what broke something was changed just before. Of a busy cluster at most 10,000 entries are
 * looked at.
 */
export async function readChanges(
  backend: { readonly clients: GoogleClients; readonly projectId: string },
  { window, service, limit }: ChangesQuery,
  signal: AbortSignal,
): Promise<Read<Change>> {
  const filter = [...timeRange(window), ...what].join(' AND ');
  let looked = 0;
  let isGivenUp = false;
  const readPage = async (pageToken: string) => {
    const page = await readEntryPage(backend, { filter, order: 'desc', pageToken }, signal);
    looked += page.rows.length;
    isGivenUp = looked >= mostEntries && page.nextPageToken !== '';
    const changes = page.rows.flatMap((entry) => changeOf(entry) ?? []);
    return {
      rows: service === undefined ? changes : changes.filter((one) => one.service === service),
      nextPageToken: isGivenUp ? '' : page.nextPageToken,
    };
  };
  const { rows, left } = await readPages(limit, readPage, 'last');
  const unseen = isGivenUp ? `only the last ${looked} entries of the audit log were read` : null;
  return {
    rows: rows.toReversed(),
    query: filter,
    source: `Cloud Audit Logs, projects/${backend.projectId}`,
    truncated: [left, unseen].filter((one) => one !== null).join('; ') || null,
  };
}
