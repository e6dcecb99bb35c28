import type { LogRecord, LogsQuery, Read } from '../../core/ports/telemetry.ts';
import { ask, callOptions, readPages } from './call.ts';
import type { ReadRows } from './call.ts';
import type { GoogleClients } from './clients.ts';
import { rfc3339Of } from './instants.ts';
import type { LogEntry } from './log-entry.ts';
import { toLogRecord } from './log-entry.ts';
import { serviceFilter } from './service-of.ts';

/** A log record, and what else is known of it. */
export interface AttributedRecord extends LogRecord {
  readonly attributes: Readonly<Record<string, string>>;
}

const pageSize = 1_000;
/** Cloud Logging allows 60 reads a minute. */
const mostEntries = 20_000;

/** Entries that are no lines of programs: who changed what, and what the cluster says happened. */
const notLines = [
  'NOT log_id("cloudaudit.googleapis.com/activity")',
  'NOT log_id("cloudaudit.googleapis.com/system_event")',
  'NOT log_id("events")',
];

const severities = { warn: 'WARNING', error: 'ERROR' } as const;

/** Writes a query for logs in the language of Cloud Logging; the range of time always stands in it, else the client adds one of a day. */
export function writeLogsFilter({
  window,
  service,
  severityAtLeast,
}: Omit<LogsQuery, 'limit'>): string {
  return [
    ...timeRange(window),
    ...(severityAtLeast === undefined ? [] : [`severity >= ${severities[severityAtLeast]}`]),
    ...notLines,
    ...(service === undefined ? [] : [serviceFilter(service)]),
  ].join(' AND ');
}

export function timeRange({ startAt, endAt }: LogsQuery['window']): readonly string[] {
  return [`timestamp >= "${rfc3339Of(startAt)}"`, `timestamp < "${rfc3339Of(endAt)}"`];
}

/** Reads the entries that a filter lets through, by default the oldest first. */
export async function readEntries(
  { clients, projectId }: { readonly clients: GoogleClients; readonly projectId: string },
  request: { readonly filter: string; readonly limit: number; readonly order?: 'asc' | 'desc' },
  signal: AbortSignal,
): Promise<ReadRows<LogEntry>> {
  const { filter, order = 'asc' } = request;
  const limit = Math.min(request.limit, mostEntries);
  const client = await clients.logging();
  return readPages(limit, async (pageToken) => {
    const asked = {
      resourceNames: [`projects/${projectId}`],
      orderBy: `timestamp ${order}`,
      pageSize: Math.min(pageSize, limit),
      ...{ filter, pageToken },
    };
    const [rows, , answer] = await ask(clients, 'entries.list of Cloud Logging', signal, (own) =>
      client.listLogEntries(asked, callOptions(own)),
    );
    return { rows, nextPageToken: answer.nextPageToken ?? '' };
  });
}

/** Reads log records; `nextRow` numbers them. */
export async function readLogs(
  backend: { readonly clients: GoogleClients; readonly projectId: string },
  query: LogsQuery,
  { signal, nextRow }: { readonly signal: AbortSignal; readonly nextRow: () => number },
): Promise<Read<AttributedRecord>> {
  const filter = writeLogsFilter(query);
  const { rows, left } = await readEntries(backend, { filter, limit: query.limit }, signal);
  return {
    rows: rows.flatMap((entry) => toLogRecord(entry, nextRow()) ?? []),
    query: filter,
    source: `Cloud Logging, projects/${backend.projectId}`,
    truncated: left,
  };
}
