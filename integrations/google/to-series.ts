import type { protos } from '@google-cloud/monitoring';
import type { Series } from '../../core/ports/telemetry.ts';
import type { Window } from '../../core/schemas/primitives.ts';
import { distributionSeries } from './distribution.ts';
import { msOf, nanosOf } from './instants.ts';
import { otelNameOf } from './otel-names.ts';
import { originOf } from './service-of.ts';
import type { Labels } from './service-of.ts';
import { labelsWithoutSecrets } from './without-secrets.ts';

export type TimeSeries = protos.google.monitoring.v3.ITimeSeries;
export type Point = protos.google.monitoring.v3.IPoint;

/** What is known of a series before its points are read. */
export type SeriesHead = Omit<Series, 'atMs' | 'values'>;

/** One value at one time. */
export interface Sample {
  readonly at: number;
  readonly value: number;
}

/** Where exporters write what programs measure; what follows is the name the program gave. */
const prefixes = [
  'workload.googleapis.com/',
  'custom.googleapis.com/opentelemetry/',
  'custom.googleapis.com/opencensus/',
  'custom.googleapis.com/',
];
const prometheus =
  /^prometheus\.googleapis\.com\/(.+)\/(gauge|counter|histogram|summary|unknown)(:counter)?$/;

/** Labels that say of a series what a column of its own says elsewhere. */
const lifted = new Set([
  'statistic',
  'quantile',
  'peer.service',
  'service.name',
  'service.instance.id',
]);

/** Reads a series of Cloud Monitoring; one of distributions gives several, one a statistic. Samples lie in the window, oldest first. */
export function toSeries(
  series: TimeSeries,
  unit: string | null,
  window: Window,
): readonly Series[] {
  const head = headOf(series, unit);
  const points = pointsOf(series, window);
  if (String(series.valueType) === 'DISTRIBUTION') {
    return distributionSeries(head, points, String(series.metricKind));
  }
  const samples = points.flatMap((point) => sampleOf(point) ?? []);
  const kept = String(series.metricKind) === 'DELTA' ? running(samples) : samples;
  return kept.length === 0 ? [] : [seriesOf(head, kept)];
}

export function seriesOf(head: SeriesHead, samples: readonly Sample[]): Series {
  return {
    ...head,
    atMs: samples.map(({ at }) => at),
    values: samples.map(({ value }) => value),
  };
}

function headOf(series: TimeSeries, unit: string | null): SeriesHead {
  const metric = shortName(series.metric?.type ?? '');
  const given = Object.entries(series.metric?.labels ?? {});
  const labels = labelsWithoutSecrets(
    Object.fromEntries(given.map(([key, value]) => [otelNameOf(key), value])),
  );
  const resource = { type: series.resource?.type ?? '', labels: series.resource?.labels ?? {} };
  const workload = (series.metadata?.userLabels ?? {}) as Labels;
  const attributes = Object.entries(labels).filter(([key]) => !lifted.has(key));
  const statistic = labels['statistic'] ?? quantileName(labels['quantile']);
  const said = series.unit || unit;
  return {
    metric,
    ...originOf(resource, { ...workload, ...labels }),
    peer: peerOf(metric, labels),
    statistic,
    unit: said === '' || said === null ? null : said,
    kind: statistic === null ? kindOf(String(series.metricKind)) : 'histogram',
    attributes: Object.fromEntries(attributes),
  };
}

/** The name that the program gave; of Google's own metrics the whole type. */
export function shortName(type: string): string {
  const scraped = prometheus.exec(type)?.[1];
  if (scraped !== undefined) return scraped;
  const prefix = prefixes.find((one) => type.startsWith(one)) ?? '';
  return type.slice(prefix.length);
}

function quantileName(quantile: string | undefined): string | null {
  const share = Number(quantile);
  return quantile === undefined || !Number.isFinite(share) ? null : `p${Math.round(share * 100)}`;
}

/** The other end: told by a label of its own, or of metrics of calls by the address called. */
function peerOf(metric: string, labels: Labels): string | null {
  const called = metric.includes('.client.') ? labels['server.address'] : undefined;
  return labels['peer.service'] ?? called ?? null;
}

function kindOf(metricKind: string): Series['kind'] {
  return metricKind === 'CUMULATIVE' || metricKind === 'DELTA' ? 'counter' : 'gauge';
}

/** Points come newest first. */
function pointsOf(
  series: TimeSeries,
  { startAt, endAt }: Window,
): readonly (Point & { readonly at: number })[] {
  return (series.points ?? [])
    .flatMap((point) => {
      const nanos = nanosOf(point.interval?.endTime);
      return nanos === null ? [] : [{ ...point, at: msOf(nanos) }];
    })
    .filter(({ at }) => at >= startAt && at < endAt)
    .toSorted((one, other) => one.at - other.at);
}

function sampleOf({ at, value }: Point & { readonly at: number }): Sample | null {
  const { doubleValue, int64Value, boolValue } = value ?? {};
  const number =
    doubleValue ??
    (int64Value == null ? (boolValue == null ? null : Number(boolValue)) : Number(int64Value));
  return number === null || !Number.isFinite(number) ? null : { at, value: number };
}

/** Adds up what was counted since the sample before: a counter is a running total. */
function running(samples: readonly Sample[]): readonly Sample[] {
  let total = 0;
  return samples.map(({ at, value }) => {
    total += value;
    return { at, value: total };
  });
}
