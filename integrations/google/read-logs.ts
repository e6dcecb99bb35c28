import type { LogRecord, LogsQuery, Read } from '../../core/ports/telemetry.ts';
import { ask, callOptions, readPages } from './call.ts';
import type { Page, ReadRows } from './call.ts';
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

interface LoggingBackend {
  readonly clients: GoogleClients;
  readonly projectId: string;
}

/** Reads a page of the entries that a filter lets through, at most 1,000. */
export async function readEntryPage(
  { clients, projectId }: LoggingBackend,
  request: {
    readonly filter: string;
    readonly order: 'asc' | 'desc';
    readonly pageToken: string;
    readonly most?: number;
  },
  signal: AbortSignal,
): Promise<Page<LogEntry>> {
  const { filter, order, pageToken, most = pageSize } = request;
  const client = await clients.logging();
  const asked = {
    resourceNames: [`projects/${projectId}`],
    orderBy: `timestamp ${order}`,
    pageSize: Math.min(pageSize, most),
    ...{ filter, pageToken },
  };
  const [rows, , answer] = await ask(clients, 'entries.list of Cloud Logging', signal, (own) =>
    client.listLogEntries(asked, callOptions(own)),
  );
  return { rows, nextPageToken: answer.nextPageToken ?? '' };
}

/** Reads the entries that a filter lets through, by default the oldest first. */
export async function readEntries(
  backend: LoggingBackend,
  request: { readonly filter: string; readonly limit: number; readonly order?: 'asc' | 'desc' },
  signal: AbortSignal,
): Promise<ReadRows<LogEntry>> {
  const { filter, order = 'asc' } = request;
  const most = Math.min(request.limit, mostEntries);
  return readPages(most, (pageToken) =>
    readEntryPage(backend, { filter, order, pageToken, most }, signal),
  );
}

/** Reads log records; `nextRow` numbers them. */
export async function readLogs(
  backend: LoggingBackend,
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
