import type { HttpRoute } from './http-server.ts';
import type { Fault } from './faults.ts';
import { moveSpans } from './traces.ts';
import type { StoredTrace } from './traces.ts';
import { nanosOfRfc3339 } from './time.ts';

const mostTraces = 100;

/** Cloud Trace, version 1: `traces.list`, `traces.get`, and `PATCH`, whose traces are kept for whoever wants to see what arrived. */
export function createTraceRoutes(
  traces: readonly StoredTrace[],
  projectId: string,
  received: unknown[],
): readonly HttpRoute[] {
  const root = `/v1/projects/${projectId}/traces`;
  return [
    {
      route: 'cloudtrace.traces.list',
      method: 'GET',
      matches: (path) => path === root,
      answer: ({ query }, fault) => list(inTime(traces, fault), query),
    },
    {
      route: 'cloudtrace.traces.get',
      method: 'GET',
      matches: (path) => path.startsWith(`${root}/`),
      answer: ({ path }) => {
        const found = traces.find(({ traceId }) => traceId === path.slice(root.length + 1));
        return found === undefined
          ? { status: 404, body: { error: { code: 404, status: 'NOT_FOUND' } } }
          : { status: 200, body: messageOf(found) };
      },
    },
    {
      route: 'cloudtrace.traces.patch',
      method: 'PATCH',
      matches: (path) => path === root,
      answer: ({ body }) => {
        received.push(...((body as { readonly traces?: readonly unknown[] }).traces ?? []));
        return { status: 200, body: {} };
      },
    },
  ];
}

function inTime(traces: readonly StoredTrace[], fault: Fault | null): readonly StoredTrace[] {
  return fault?.kind === 'clock' ? traces.map((trace) => moveSpans(trace, fault)) : traces;
}

function messageOf({ projectId, traceId, spans }: StoredTrace): object {
  return { projectId, traceId, spans };
}

function list(
  traces: readonly StoredTrace[],
  query: URLSearchParams,
): { readonly status: number; readonly body: object } {
  const from = nanosOfRfc3339(query.get('startTime') ?? '') ?? 0n;
  const until = nanosOfRfc3339(query.get('endTime') ?? '') ?? 1n << 62n;
  const holds = labelFilter(query.get('filter') ?? '');
  const found = traces.filter(
    (trace) => trace.endNanos >= from && trace.startNanos <= until && holds(trace),
  );
  const offset = Number(query.get('pageToken') ?? 0);
  const size = Math.min(Number(query.get('pageSize') ?? 0) || mostTraces, mostTraces);
  const isComplete = query.get('view') === 'COMPLETE';
  return {
    status: 200,
    body: {
      traces: found
        .slice(offset, offset + size)
        .map((trace) =>
          isComplete ? messageOf(trace) : { projectId: trace.projectId, traceId: trace.traceId },
        ),
      ...(offset + size < found.length ? { nextPageToken: String(offset + size) } : {}),
    },
  };
}

/** The filter of one label, `+KEY:VALUE`, which is all that is asked of this server. */
function labelFilter(filter: string): (trace: StoredTrace) => boolean {
  if (filter === '') return () => true;
  const [, key = '', value = ''] = /^\+([\w./-]+):"?([^"]+)"?$/.exec(filter) ?? [];
  if (key === '') throw new Error(`this server does not understand the filter ${filter}`);
  return ({ spans }) => spans.some(({ labels }) => labels[key] === value);
}
