import type { Read, Span, SpansQuery } from '../../core/ports/telemetry.ts';
import { z } from '../../core/schemas/z.ts';
import { askJson, readAnswer, readPages } from './call.ts';
import type { GoogleClients } from './clients.ts';
import { toAppError } from './failures.ts';
import { rfc3339Of } from './instants.ts';
import { toSpans, traceSchema } from './to-spans.ts';
import type { Trace } from './to-spans.ts';

interface TraceBackend {
  readonly clients: GoogleClients;
  readonly projectId: string;
}

const pageSize = 1_000;
/** As many as the tools ask for. */
const mostSpans = 150_000;

const listSchema = z.object({
  traces: z.array(traceSchema).default([]),
  nextPageToken: z.string().default(''),
});

/**
 * Reads spans: of one trace, or of all whose time meets the window. Cloud Trace tells traces in no order of time, so all are read, up to 150,000 spans, and cut
 * afterwards.
 */
export async function readSpans(
  backend: TraceBackend,
  query: SpansQuery,
  signal: AbortSignal,
): Promise<Read<Span>> {
  const { window, service, traceId, limit } = query;
  const asked =
    traceId === undefined
      ? await list(backend, query, signal)
      : await get(backend, traceId, signal);
  const spans = asked.spans
    .filter(({ startAt }) => startAt >= window.startAt && startAt < window.endAt)
    .filter((span) => service === undefined || span.service === service)
    .toSorted((one, other) => one.startAt - other.startAt);
  const truncated = [
    ...(asked.left === null ? [] : [asked.left]),
    ...(asked.unread === 0 ? [] : [`${asked.unread} spans have no time, or end before they begin`]),
    ...(spans.length > limit
      ? [`${spans.length - limit} of ${spans.length} rows not read, only the first ${limit}`]
      : []),
  ];
  return {
    rows: spans.slice(0, limit),
    query: asked.query,
    source: `Cloud Trace, projects/${backend.projectId}`,
    truncated: truncated.join('; ') || null,
  };
}

interface Asked {
  readonly spans: readonly Span[];
  /** Spans that cannot be read. */
  readonly unread: number;
  readonly query: string;
  readonly left: string | null;
}

async function list(
  { clients, projectId }: TraceBackend,
  { window, service }: SpansQuery,
  signal: AbortSignal,
): Promise<Asked> {
  const url = new URL(`/v1/projects/${projectId}/traces`, clients.baseOf('cloudtrace'));
  url.searchParams.set('view', 'COMPLETE');
  url.searchParams.set('pageSize', String(pageSize));
  url.searchParams.set('startTime', rfc3339Of(window.startAt));
  url.searchParams.set('endTime', rfc3339Of(window.endAt));
  if (service !== undefined)
    url.searchParams.set('filter', `+service.name:${JSON.stringify(service)}`);
  const query = `traces.list ${url.searchParams.toString()}`;
  const asked = 'traces.list of Cloud Trace';
  let unread = 0;
  const { rows, left } = await readPages(mostSpans, async (pageToken) => {
    if (pageToken !== '') url.searchParams.set('pageToken', pageToken);
    const said = await askJson(clients, { asked, url, signal });
    const { traces, nextPageToken } = readAnswer(listSchema, said, asked);
    const spans = traces.flatMap(toSpans);
    unread += unreadOf(traces, spans);
    return { rows: spans, nextPageToken };
  });
  return { spans: rows, unread, query, left };
}

async function get(
  { clients, projectId }: TraceBackend,
  traceId: string,
  signal: AbortSignal,
): Promise<Asked> {
  const path = `/v1/projects/${projectId}/traces/${encodeURIComponent(traceId)}`;
  const url = new URL(path, clients.baseOf('cloudtrace'));
  const asked = 'traces.get of Cloud Trace';
  const said = await askJson(clients, { asked, url, signal }).catch((error: unknown) => {
    if (toAppError(error, asked).code === 'not-found.data') return null;
    throw error;
  });
  const traces = said === null ? [] : [readAnswer(traceSchema, said, asked)];
  const spans = traces.flatMap(toSpans);
  const unread = unreadOf(traces, spans);
  return { spans, unread, query: `traces.get ${traceId}`, left: null };
}

function unreadOf(traces: readonly Trace[], read: readonly Span[]): number {
  return traces.reduce((sum, { spans }) => sum + spans.length, 0) - read.length;
}
