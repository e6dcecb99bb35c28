import type { Alert } from '../../core/schemas/alert.ts';
import type {
  Change,
  LogRecord,
  Read,
  RecordKind,
  Records,
  Series,
  Span,
  Telemetry,
} from '../../core/ports/telemetry.ts';
import type { ToolContext } from '../../core/ports/tool.ts';
import type { Coverage } from '../../core/schemas/digest.ts';
import type { Onset, Window } from '../../core/schemas/primitives.ts';

/** What a telemetry source holds; a kind that is left out is not there at all. */
export interface Held {
  readonly window: Window;
  readonly alert?: Alert;
  readonly metrics?: readonly Series[];
  readonly logs?: readonly LogRecord[];
  readonly logAttributes?: ReadonlyMap<number, Readonly<Record<string, string>>>;
  readonly spans?: readonly Span[];
  readonly changes?: readonly Change[];
  readonly baselines?: readonly Window[];
  readonly records?: { readonly [Kind in RecordKind]?: readonly Records[Kind][] };
}

const inside = (window: Window, at: number): boolean => at >= window.startAt && at < window.endAt;

function answer<Row>(rows: readonly Row[], limit: number, query: unknown): Read<Row> {
  return {
    rows: rows.slice(0, limit),
    query: `read ${JSON.stringify(query)}`,
    source: 'memory',
    truncated: rows.length > limit ? `${rows.length - limit} rows not read` : null,
  };
}

function cutSeries(series: Series, window: Window): Series {
  const places = [...series.atMs.keys()].filter((index) =>
    inside(window, series.atMs[index] ?? Number.NaN),
  );
  return {
    ...series,
    atMs: places.map((index) => series.atMs[index] ?? 0),
    values: places.map((index) => series.values[index] ?? 0),
  };
}

const severe = { warn: ['warn', 'error', 'fatal'], error: ['error', 'fatal'] };

/** Telemetry out of memory, true to the port: windows half-open, rows by time, limits that say what they left out. */
export function memoryTelemetry(held: Held): Telemetry {
  const { metrics = [], logs = [], spans = [], changes = [] } = held;
  const byTime = <Row>(rows: readonly Row[], atOf: (row: Row) => number): readonly Row[] =>
    [...rows].sort((one, other) => atOf(one) - atOf(other));
  const ordered = {
    logs: byTime(logs, ({ at }) => at),
    spans: byTime(spans, ({ startAt }) => startAt),
    changes: byTime(changes, ({ at }) => at),
  };
  const coverage = (
    kind: string,
    rows: readonly { service?: string | null | undefined }[],
  ): Coverage => ({
    kind,
    rows: rows.length,
    services: [...new Set(rows.flatMap(({ service }) => service?.slice(0, 120) ?? []))]
      .toSorted()
      .slice(0, 30),
  });
  return {
    window: held.window,
    baselines: held.baselines ?? [],
    candidates: null,
    knownOnsetAt: null,
    coverage: async () => [
      ...(held.metrics === undefined ? [] : [coverage('metrics', metrics)]),
      ...(held.logs === undefined ? [] : [coverage('logs', logs)]),
      ...(held.spans === undefined ? [] : [coverage('traces', spans)]),
      ...(held.changes === undefined ? [] : [coverage('changes', changes)]),
    ],
    metrics: async ({ window, service, metric, limit }) => {
      const rows = metrics
        .filter((one) => service === undefined || one.service === service)
        .filter((one) => metric === undefined || one.metric === metric)
        .map((one) => cutSeries(one, window))
        .filter(({ atMs }) => atMs.length > 0);
      return answer(rows, limit, { window, service, metric });
    },
    logs: async ({ window, service, severityAtLeast, limit }) => {
      const rows = ordered.logs.filter(
        (one) =>
          inside(window, one.at) &&
          (service === undefined || one.service === service) &&
          (severityAtLeast === undefined || severe[severityAtLeast].includes(one.severity ?? '')),
      );
      return answer(rows, limit, { window, service, severityAtLeast });
    },
    logAttributes: async () => held.logAttributes ?? new Map(),
    spans: async ({ window, service, traceId, limit }) => {
      const rows = ordered.spans.filter(
        (one) =>
          inside(window, one.startAt) &&
          (service === undefined || one.service === service) &&
          (traceId === undefined || one.traceId === traceId),
      );
      return answer(rows, limit, { window, service, traceId });
    },
    changes: async ({ window, service, limit }) => {
      const rows = ordered.changes.filter(
        (one) => inside(window, one.at) && (service === undefined || one.service === service),
      );
      return answer(rows, limit, { window, service });
    },
    records: async (kind, { limit }) => answer(held.records?.[kind] ?? [], limit, { kind }),
  };
}

/** What a tool is handed to look at `held`; without `suspected` the whole window is. */
export function contextOf(held: Held, suspected?: Onset, signal?: AbortSignal): ToolContext {
  return {
    telemetry: memoryTelemetry(held),
    ops: {
      services: [],
      get: () => Promise.reject(new Error('no service is registered')),
      post: () => Promise.reject(new Error('no service is registered')),
      urlOf: (service, path) => `http://${service}.test${path}`,
    },
    alert: held.alert ?? null,
    window: held.window,
    suspected: suspected ?? { earliestAt: held.window.startAt, latestAt: held.window.endAt },
    signal: signal ?? new AbortController().signal,
  };
}
