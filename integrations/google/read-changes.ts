import type { Change, ChangesQuery, Read } from '../../core/ports/telemetry.ts';
import { changeOf } from './change-of-audit.ts';
import type { GoogleClients } from './clients.ts';
import { readEntries, timeRange } from './read-logs.ts';

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
];

/** Reads what was changed, of the audit log. */
export async function readChanges(
  backend: { readonly clients: GoogleClients; readonly projectId: string },
  { window, service, limit }: ChangesQuery,
  signal: AbortSignal,
): Promise<Read<Change>> {
  const filter = [...timeRange(window), ...what].join(' AND ');
  const { rows, left } = await readEntries(backend, { filter, limit }, signal);
  const changes = rows.flatMap((entry) => changeOf(entry) ?? []);
  return {
    rows: service === undefined ? changes : changes.filter((one) => one.service === service),
    query: filter,
    source: `Cloud Audit Logs, projects/${backend.projectId}`,
    truncated: left,
  };
}
