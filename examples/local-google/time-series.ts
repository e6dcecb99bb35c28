import type { Series } from '../../core/ports/telemetry.ts';
import { resourceOf } from './places.ts';
import type { MonitoredResource } from './places.ts';
import type { World } from './read-world.ts';
import { nanosOf, timestampOf } from './time.ts';

/** A `google.monitoring.v3.TimeSeries` without its points, and these beside it, oldest first. */
export interface StoredSeries {
  readonly metric: { readonly type: string; readonly labels: Readonly<Record<string, string>> };
  readonly resource: MonitoredResource;
  readonly metricKind: 'GAUGE' | 'CUMULATIVE';
  readonly valueType: 'DOUBLE';
  readonly unit: string;
  readonly points: readonly { readonly nanos: bigint; readonly value: number }[];
}

export interface MetricDescriptor {
  readonly name: string;
  readonly type: string;
  readonly labels: readonly { readonly key: string; readonly valueType: 'STRING' }[];
  readonly metricKind: StoredSeries['metricKind'];
  readonly valueType: 'DOUBLE';
  readonly unit: string;
  readonly description: string;
}

/** Where the OpenTelemetry collector's exporter of Google writes metrics. */
const prefix = 'workload.googleapis.com/';

/** Gives the time series of a case as the exporter would have written them: labels of letters, digits and underscores only. */
export function toTimeSeries(world: World, projectId: string): readonly StoredSeries[] {
  return world.series.map((series) => ({
    metric: { type: `${prefix}${series.metric}`, labels: labelsOf(series) },
    resource: resourceOf(projectId, series.service, series.instance),
    // A running total has a type and a name of its own; a histogram of a case is one of its statistics, which is a gauge.
    metricKind: series.kind === 'counter' ? 'CUMULATIVE' : 'GAUGE',
    valueType: 'DOUBLE',
    unit: series.unit ?? '',
    points: series.atMs.map((at, index) => ({
      nanos: nanosOf(at),
      value: series.values[index] ?? 0,
    })),
  }));
}

function labelsOf(series: Series): Readonly<Record<string, string>> {
  const attributes = Object.entries(series.attributes).map(
    ([key, value]) => [key.replace(/[^a-zA-Z0-9_]/g, '_'), value] as const,
  );
  return {
    ...Object.fromEntries(attributes),
    ...(series.statistic === null ? {} : { statistic: series.statistic }),
    ...(series.peer === null ? {} : { peer_service: series.peer }),
  };
}

/** Gives one descriptor a metric type. */
export function descriptorsOf(
  series: readonly StoredSeries[],
  projectId: string,
): readonly MetricDescriptor[] {
  const byType = new Map<string, MetricDescriptor>();
  for (const one of series) {
    const { type, labels } = one.metric;
    const known = byType.get(type)?.labels ?? [];
    const keys = new Set([...known.map(({ key }) => key), ...Object.keys(labels)]);
    byType.set(type, {
      name: `projects/${projectId}/metricDescriptors/${type}`,
      type,
      labels: [...keys].map((key) => ({ key, valueType: 'STRING' })),
      metricKind: one.metricKind,
      valueType: 'DOUBLE',
      unit: one.unit,
      description: '',
    });
  }
  return [...byType.values()];
}

/** Writes a series as an answer has it: points inside the interval, newest first. Null when there is none. */
export function messageOf(
  series: StoredSeries,
  interval: { readonly from: bigint; readonly until: bigint },
): object | null {
  const { points, ...head } = series;
  const first = points[0]?.nanos ?? 0n;
  const inside = points.filter(({ nanos }) => nanos > interval.from && nanos <= interval.until);
  if (inside.length === 0) return null;
  return {
    ...head,
    points: inside.toReversed().map(({ nanos, value }) => ({
      interval: {
        endTime: timestampOf(nanos),
        startTime: timestampOf(series.metricKind === 'CUMULATIVE' ? first - 1_000_000n : nanos),
      },
      value: { doubleValue: value },
    })),
  };
}
