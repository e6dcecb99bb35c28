import { isAppError } from '../../core/errors.ts';
import { ownValue } from '../../core/own-value.ts';
import type { BackendCheck } from '../../core/ports/backend-check.ts';
import type { GoogleClients } from './clients.ts';
import type { GoogleConnection } from './connection.ts';
import { readRefusal } from './failures.ts';
import type { Refusal } from './failures.ts';
import { readChanges } from './read-changes.ts';
import { readLogs } from './read-logs.ts';
import { readMetricTypes } from './read-metrics.ts';
import { readSpans } from './read-spans.ts';
import { createWarehouse } from './read-warehouse.ts';

interface Backend {
  readonly name: string;
  /** As `gcloud services enable` takes it. */
  readonly api: string;
  /** The role that lets us read it. */
  readonly role: string;
  readonly ask: (signal: AbortSignal) => Promise<unknown>;
}

/** Roles for permissions that another role than that of the backend gives. */
const roleOf: Readonly<Record<string, string>> = {
  'bigquery.tables.getData': 'roles/bigquery.dataViewer',
  'bigquery.jobs.create': 'roles/bigquery.jobUser',
  'logging.privateLogEntries.list': 'roles/logging.privateLogViewer',
  'serviceusage.services.use': 'roles/serviceusage.serviceUsageConsumer',
};

const glanceMs = 60_000;
const usualLongestMs = 20_000;

/**
 * Asks each backend of a project for next to nothing, and names what is missing where it refuses: role, API or quota project. One that has not answered within
 * `longestMs` (20 s unless told) is a failure of its own; rejects with the abort reason when `signal` fires.
 */
export async function verifyGoogle(
  {
    connection,
    clients,
  }: { readonly connection: GoogleConnection; readonly clients: GoogleClients },
  {
    now,
    signal,
    longestMs = usualLongestMs,
  }: { readonly now: number; readonly signal: AbortSignal; readonly longestMs?: number },
): Promise<readonly BackendCheck[]> {
  return Promise.all(
    backendsOf(connection, clients, now).map((backend) =>
      verify(backend, connection, { signal, longestMs }),
    ),
  );
}

function backendsOf(
  connection: GoogleConnection,
  clients: GoogleClients,
  now: number,
): readonly Backend[] {
  const from = { clients, ...connection };
  const query = { window: { startAt: now - glanceMs, endAt: now }, limit: 1 };
  const { warehouse } = connection;
  return [
    {
      name: 'Cloud Logging',
      api: 'logging.googleapis.com',
      role: 'roles/logging.viewer',
      ask: async (signal) => {
        await readLogs(from, query, { signal, nextRow: () => 0 });
        await readChanges(from, query, signal);
      },
    },
    {
      name: 'Cloud Monitoring',
      api: 'monitoring.googleapis.com',
      role: 'roles/monitoring.viewer',
      ask: (signal) => readMetricTypes(from, signal),
    },
    {
      name: 'Cloud Trace',
      api: 'cloudtrace.googleapis.com',
      role: 'roles/cloudtrace.user',
      ask: (signal) => readSpans(from, query, signal),
    },
    ...(warehouse === null
      ? []
      : [
          {
            name: 'BigQuery',
            api: 'bigquery.googleapis.com',
            role: 'roles/bigquery.jobUser',
            ask: (signal: AbortSignal) =>
              createWarehouse(from, warehouse).estimate(query.window, signal),
          },
        ]),
  ];
}

async function verify(
  backend: Backend,
  { projectId }: GoogleConnection,
  { signal, longestMs }: { readonly signal: AbortSignal; readonly longestMs: number },
): Promise<BackendCheck> {
  const { name } = backend;
  const late = AbortSignal.timeout(longestMs);
  try {
    await backend.ask(AbortSignal.any([signal, late]));
    return { name, state: 'ok', found: `answers for project ${projectId}`, advice: '' };
  } catch (error) {
    signal.throwIfAborted();
    const refusal = refusalOf(error);
    const said = error instanceof Error ? error.message : String(error);
    const found = error === late.reason ? `no answer within ${longestMs} ms` : said;
    return { name, state: 'fail', found, advice: adviceFor(backend, projectId, refusal) };
  }
}

function refusalOf(error: unknown): Refusal {
  const kept = isAppError(error) ? error.details['refusal'] : undefined;
  return kept === undefined ? readRefusal(error) : (kept as Refusal);
}

/** Says by name what is missing. */
function adviceFor(backend: Backend, projectId: string, refusal: Refusal): string {
  const { reason, permission, status } = refusal;
  if (reason === 'SERVICE_DISABLED') {
    const api = refusal.service ?? backend.api;
    return `Enable the API: gcloud services enable ${api} --project ${projectId}`;
  }
  if (reason === 'USER_PROJECT_DENIED') {
    return `Name a project whose quota pays, with roles/serviceusage.serviceUsageConsumer on it: gcloud auth application-default set-quota-project ${projectId}, or GOOGLE_CLOUD_QUOTA_PROJECT.`;
  }
  if (status === 'UNAUTHENTICATED') {
    return 'Give credentials: gcloud auth application-default login, or GOOGLE_APPLICATION_CREDENTIALS.';
  }
  if (status === 'PERMISSION_DENIED') {
    const role = ownValue(roleOf, permission ?? '') ?? backend.role;
    const why = permission === null ? '' : ` (it gives ${permission})`;
    return `Grant ${role}${why} on project ${projectId}.`;
  }
  if (status === 'RESOURCE_EXHAUSTED') return 'Its quota is used up: wait, or ask for more.';
  if (/default credentials/i.test(refusal.message)) {
    return 'Give credentials: gcloud auth application-default login, or GOOGLE_APPLICATION_CREDENTIALS.';
  }
  return `Look whether ${backend.api} can be reached from here.`;
}
