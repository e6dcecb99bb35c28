import type { Read, Span, SpansQuery } from '../../core/ports/telemetry.ts';
import { z } from '../../core/schemas/z.ts';
import { askJson, readPages } from './call.ts';
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
const mostTraces = 20_000;

const listSchema = z.object({
  traces: z.array(traceSchema).default([]),
  nextPageToken: z.string().default(''),
});

/**
 * Reads spans: of one trace, or of all whose time meets the window. Cloud Trace tells traces in no order of time, so all are read, up to 20,000, and cut
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
  const all = asked.traces.flatMap(toSpans);
  const unread = asked.traces.reduce((sum, { spans }) => sum + spans.length, 0) - all.length;
  const spans = all
    .filter(({ startAt }) => startAt >= window.startAt && startAt < window.endAt)
    .filter((span) => service === undefined || span.service === service)
    .toSorted((one, other) => one.startAt - other.startAt);
  const truncated = [
    ...(asked.left === null ? [] : [asked.left]),
    ...(unread === 0 ? [] : [`${unread} spans have no time, or end before they begin`]),
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
  readonly traces: readonly Trace[];
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
  const { rows, left } = await readPages(mostTraces, async (pageToken) => {
    if (pageToken !== '') url.searchParams.set('pageToken', pageToken);
    const said = await askJson(clients, { asked: 'traces.list of Cloud Trace', url, signal });
    const page = parse(listSchema, said, 'traces.list');
    return { rows: page.traces, nextPageToken: page.nextPageToken };
  });
  return { traces: rows, query, left };
}

async function get(
  { clients, projectId }: TraceBackend,
  traceId: string,
  signal: AbortSignal,
): Promise<Asked> {
  const path = `/v1/projects/${projectId}/traces/${encodeURIComponent(traceId)}`;
  const url = new URL(path, clients.baseOf('cloudtrace'));
  const said = await askJson(clients, { asked: 'traces.get of Cloud Trace', url, signal }).catch(
    (error: unknown) => {
      if (toAppError(error, 'traces.get').code === 'not-found.data') return null;
      throw error;
    },
  );
  const traces = said === null ? [] : [parse(traceSchema, said, 'traces.get')];
  return { traces, query: `traces.get ${traceId}`, left: null };
}

function parse<Schema extends z.ZodType>(
  schema: Schema,
  said: unknown,
  asked: string,
): z.output<Schema> {
  const parsed = schema.safeParse(said);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw toAppError(
    new Error(`the answer has another shape: ${issue?.path.join('.')}: ${issue?.message}`),
    `${asked} of Cloud Trace`,
  );
}
