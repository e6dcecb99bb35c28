import type { HttpRoute } from './http-server.ts';
import type { StoredSeries } from './time-series.ts';

interface Selector {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** Managed Service for Prometheus: `query_range` of one selector, `name{label="value"}`; any other query is refused. */
export function createPrometheusRoutes(
  series: readonly StoredSeries[],
  projectId: string,
): readonly HttpRoute[] {
  const path = `/v1/projects/${projectId}/location/global/prometheus/api/v1/query_range`;
  return [
    {
      route: 'monitoring.prometheus.query_range',
      method: 'POST',
      matches: (asked) => asked === path,
      answer: ({ body }) => {
        const { query = '', start, end, step } = body as Readonly<Record<string, string>>;
        const selector = parseSelector(query);
        const range = { from: Number(start), until: Number(end), step: Number(step) };
        const result = series
          .filter((one) => isSelected(one, selector))
          .map((one) => ({ metric: labelsOf(one), values: valuesOf(one, range) }))
          .filter(({ values }) => values.length > 0);
        return { status: 200, body: { status: 'success', data: { resultType: 'matrix', result } } };
      },
    },
  ];
}

/** `workload.googleapis.com/http.server.duration` is `workload_googleapis_com:http_server_duration` in PromQL. */
function promName(type: string): string {
  const [domain = '', ...rest] = type.split('/');
  return `${domain}:${rest.join('/')}`.replace(/[^a-zA-Z0-9_:]/g, '_');
}

function parseSelector(query: string): Selector {
  const [, name = '', inner = ''] =
    /^\s*([a-zA-Z_:][\w:]*)\s*(?:\{([^}]*)\})?\s*$/.exec(query) ?? [];
  if (name === '') throw new Error(`this server understands selectors only, not ${query}`);
  const labels = [...inner.matchAll(/\s*(\w+)\s*=\s*"([^"]*)"\s*,?/g)];
  if (labels.map(([text]) => text).join('') !== inner) {
    throw new Error(`this server understands equality only, not {${inner}}`);
  }
  return {
    name,
    labels: Object.fromEntries(labels.map(([, key = '', value = '']) => [key, value] as const)),
  };
}

function labelsOf({ metric, resource }: StoredSeries): Readonly<Record<string, string>> {
  return { __name__: promName(metric.type), ...resource.labels, ...metric.labels };
}

function isSelected(series: StoredSeries, { name, labels }: Selector): boolean {
  const own = labelsOf(series);
  return (
    own['__name__'] === name && Object.entries(labels).every(([key, value]) => own[key] === value)
  );
}

const staleSeconds = 300;

/** At each step the latest sample, unless it is older than five minutes. */
function valuesOf(
  { points }: StoredSeries,
  { from, until, step }: { readonly from: number; readonly until: number; readonly step: number },
): readonly (readonly [number, string])[] {
  if (!(step > 0) || (until - from) / step > 11_000) throw new Error('the step is too small');
  const values: (readonly [number, string])[] = [];
  for (let at = from; at <= until; at += step) {
    const latest = points.findLast(({ nanos }) => Number(nanos) / 1e9 <= at);
    if (latest !== undefined && at - Number(latest.nanos) / 1e9 < staleSeconds) {
      values.push([at, String(latest.value)]);
    }
  }
  return values;
}
