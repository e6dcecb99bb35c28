import type { Export } from './collector.ts';
import { plainAttributes, readOrigin, toEpochMs } from './otlp.ts';
import type { MetricsExport, OtlpMetric, OtlpPoint } from './otlp.ts';
import type { Window } from './trace-lines.ts';

/** One row of a metrics file. */
export interface MetricRow {
  readonly timeMs: number;
  readonly metric: string;
  readonly value: number;
  readonly service: string;
  readonly instance: string;
  readonly peer: string;
  readonly statistic: string;
  readonly unit: string;
  readonly kind: 'gauge' | 'counter' | 'histogram';
  readonly attributes: Readonly<Record<string, unknown>>;
}

const peerAttribute = 'server.address';

/**
 * The quantile of a histogram point, interpolated inside its bucket and kept within the observed minimum and maximum.
 * NaN for an empty point.
 */
export function histogramQuantile(point: OtlpPoint, quantile: number): number {
  const counts = (point.bucketCounts ?? []).map(Number);
  const bounds = point.explicitBounds ?? [];
  const total = counts.reduce((sum, count) => sum + count, 0);
  const min = point.min ?? bounds[0] ?? 0;
  const max = point.max ?? bounds.at(-1) ?? 0;
  let below = 0;
  for (const [index, count] of counts.entries()) {
    if (count > 0 && below + count >= quantile * total) {
      const low = Math.max(min, bounds[index - 1] ?? min);
      const high = Math.min(max, bounds[index] ?? max);
      return low + ((quantile * total - below) / count) * (high - low);
    }
    below += count;
  }
  return Number.NaN;
}

function histogramValues(point: OtlpPoint): readonly (readonly [string, number])[] {
  const count = Number(point.count ?? 0);
  if (count === 0) return [];
  return [
    ['count', count],
    ['avg', (point.sum ?? 0) / count],
    ['p50', histogramQuantile(point, 0.5)],
    ['p95', histogramQuantile(point, 0.95)],
    ['max', point.max ?? 0],
  ];
}

const countUnit = (metric: string): string =>
  metric.startsWith('db.') ? '{operation}' : '{request}';

function pointRows(
  metric: OtlpMetric,
  point: OtlpPoint,
  origin: { readonly service: string; readonly instance: string },
): readonly MetricRow[] {
  const { [peerAttribute]: peer, ...attributes } = plainAttributes(point.attributes);
  const common = {
    timeMs: Math.round(toEpochMs(point.timeUnixNano)),
    metric: metric.name,
    ...origin,
    peer: peer === undefined ? '' : String(peer),
    attributes,
  };
  if (metric.histogram !== undefined) {
    return histogramValues(point).map(([statistic, value]) => ({
      ...common,
      statistic,
      value,
      unit: statistic === 'count' ? countUnit(metric.name) : metric.unit,
      kind: 'histogram' as const,
    }));
  }
  const kind = metric.sum?.isMonotonic === true ? ('counter' as const) : ('gauge' as const);
  const value = Number(point.asDouble ?? point.asInt ?? Number.NaN);
  return [{ ...common, statistic: '', value, unit: metric.unit, kind }];
}

/** The metric points of the window as rows; a histogram gives its count, mean, two quantiles and maximum an interval. */
export function toMetricRows(exports: readonly Export[], window: Window): readonly MetricRow[] {
  return exports
    .filter(({ signal }) => signal === 'metrics')
    .flatMap(({ body }) => (JSON.parse(body) as MetricsExport).resourceMetrics)
    .flatMap(({ resource, scopeMetrics }) => {
      const origin = readOrigin(resource);
      return scopeMetrics
        .flatMap(({ metrics }) => metrics)
        .flatMap(
          (metric) =>
            (metric.gauge ?? metric.sum ?? metric.histogram)?.dataPoints.flatMap((point) =>
              pointRows(metric, point, origin),
            ) ?? [],
        );
    })
    .filter(({ timeMs }) => timeMs >= window.startMs && timeMs < window.endMs)
    .sort((one, other) => one.timeMs - other.timeMs);
}

const quote = (text: string): string =>
  /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;

/** Rows as CSV with a header; values have six significant digits, times are ISO 8601 in UTC. */
export function toMetricCsv(rows: readonly MetricRow[]): string {
  const header = 'time,metric,value,service,instance,peer,statistic,unit,kind,attributes';
  const lines = rows.map((row) =>
    [
      new Date(row.timeMs).toISOString(),
      row.metric,
      String(row.kind === 'counter' ? row.value : Number(row.value.toPrecision(6))),
      row.service,
      row.instance,
      row.peer,
      row.statistic,
      row.unit,
      row.kind,
      Object.keys(row.attributes).length === 0 ? '' : JSON.stringify(row.attributes),
    ]
      .map(quote)
      .join(','),
  );
  return `${[header, ...lines].join('\n')}\n`;
}
