import type {
  LogRecord,
  NativeQueries,
  NativeSources,
  Read,
  Series,
} from '../../core/ports/telemetry.ts';
import type { Window } from '../../core/schemas/primitives.ts';
import { z } from '../../core/schemas/z.ts';
import { askJson, readAnswer } from './call.ts';
import { checkLogQuery } from './check-log-query.ts';
import type { GoogleClients } from './clients.ts';
import { toLogRecord } from './log-entry.ts';
import { otelNameOf } from './otel-names.ts';
import { readEntries, timeRange } from './read-logs.ts';
import { readMetricTypes } from './read-metrics.ts';
import { labelsWithoutSecrets } from './without-secrets.ts';

interface Backend {
  readonly clients: GoogleClients;
  readonly projectId: string;
  readonly metricPrefixes: readonly string[];
}

/** Points of a range that is asked for by PromQL. */
const points = 120;
const leastStepSeconds = 5;
const glance = 500;

/** Makes what asks a project in the languages of its backends: Cloud Logging in its own, Cloud Monitoring in PromQL. */
export function createNativeSources(backend: Backend, window: Window): NativeSources {
  return { logs: nativeLogs(backend, window), metrics: nativeMetrics(backend) };
}

function nativeLogs(backend: Backend, whole: Window): NativeQueries<LogRecord> {
  const source = `Cloud Logging, projects/${backend.projectId}`;
  return {
    dialect: 'Logging query language',
    describe: async (signal) => {
      const filter = timeRange(whole).join(' AND ');
      const { rows } = await readEntries(backend, { filter, limit: glance }, signal);
      const counts = new Map<string, number>();
      for (const { logName } of rows) {
        const name = shortName(logName);
        counts.set(name, (counts.get(name) ?? 0) + 1);
      }
      return [...counts].map(([name, count]) => ({ name, unit: null, labels: [], count }));
    },
    query: async (text, { window, limit }, signal): Promise<Read<LogRecord>> => {
      checkLogQuery(text);
      const filter = [...timeRange(window), `(${text})`].join(' AND ');
      const { rows, left } = await readEntries(backend, { filter, limit }, signal);
      const records = rows.flatMap((entry, row) => toLogRecord(entry, row) ?? []);
      const inside = records.filter(({ at }) => at >= window.startAt && at < window.endAt);
      const beyond = records.length - inside.length;
      const outside = beyond === 0 ? null : `${beyond} lines of another time left out`;
      return {
        rows: inside,
        query: filter,
        source,
        truncated: [left, outside].filter((one) => one !== null).join('; ') || null,
      };
    },
  };
}

/** The name of a log without its project; as it is written where that is no percent-encoding. */
function shortName(logName: string | null | undefined): string {
  const name = logName?.split('/logs/')[1] ?? 'unknown';
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

const matrixSchema = z.object({
  data: z.object({
    resultType: z.literal('matrix'),
    result: z.array(
      z.object({
        metric: z.record(z.string(), z.string()),
        values: z.array(z.tuple([z.number(), z.string()])),
      }),
    ),
  }),
});

function nativeMetrics(backend: Backend): NativeQueries<Series> {
  const { clients, projectId } = backend;
  const path = `/v1/projects/${projectId}/location/global/prometheus/api/v1/query_range`;
  return {
    dialect: 'PromQL',
    describe: async (signal) => {
      const { rows } = await readMetricTypes(backend, signal);
      return rows.map(({ type, unit, labels }) => ({ name: type, unit, labels, count: null }));
    },
    // A query may look at other times (`[5m]`, `offset 1d`), as it has to for a rate or a comparison; its samples are of the steps of the range.
    query: async (text, { window, limit }, signal): Promise<Read<Series>> => {
      const seconds = (window.endAt - window.startAt) / 1_000;
      const step = Math.max(leastStepSeconds, Math.ceil(seconds / points));
      const form = new URLSearchParams({
        query: text,
        start: String(window.startAt / 1_000),
        end: String(window.endAt / 1_000),
        step: String(step),
      });
      const url = new URL(path, clients.baseOf('monitoring'));
      const asked = 'query_range of Managed Service for Prometheus';
      const said = await askJson(clients, { asked, url, form, signal });
      const { result } = readAnswer(matrixSchema, said, asked).data;
      const series = result.map((one) => toSeries(one, window));
      return {
        rows: series.slice(0, limit),
        query: `${text} [step ${step} s]`,
        source: `Cloud Monitoring, projects/${projectId}`,
        truncated: series.length > limit ? `${series.length - limit} series not read` : null,
      };
    },
  };
}

function toSeries(
  { metric, values }: z.output<typeof matrixSchema>['data']['result'][number],
  { startAt, endAt }: Window,
): Series {
  const { __name__: name = 'result', ...labels } = metric;
  const samples = values
    .map(([at, value]) => ({ at: Math.round(at * 1_000), value: Number(value) }))
    .filter(({ at, value }) => at >= startAt && at < endAt && Number.isFinite(value));
  return {
    metric: name,
    service: labels['service_name'] ?? labels['container_name'] ?? labels['job'] ?? null,
    instance: labels['pod_name'] ?? labels['instance'] ?? null,
    ...{ peer: null, statistic: null, unit: null, kind: 'gauge' },
    attributes: labelsWithoutSecrets(
      Object.fromEntries(Object.entries(labels).map(([key, value]) => [otelNameOf(key), value])),
    ),
    atMs: samples.map(({ at }) => at),
    values: samples.map(({ value }) => value),
  };
}
