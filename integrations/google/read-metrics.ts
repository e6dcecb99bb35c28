import type { MetricsQuery, Read, Series } from '../../core/ports/telemetry.ts';
import { ask, callOptions, readPages } from './call.ts';
import type { ReadRows } from './call.ts';
import type { GoogleClients } from './clients.ts';
import { timestampOf } from './instants.ts';
import { shareTypes } from './share-types.ts';
import { shortName, toSeries } from './to-series.ts';

interface MetricsBackend {
  readonly clients: GoogleClients;
  readonly projectId: string;
  readonly metricPrefixes: readonly string[];
}

/** A metric type that a project has. */
export interface MetricType {
  readonly type: string;
  readonly unit: string | null;
  readonly labels: readonly string[];
}

const pageSize = 10_000;
const mostTypes = 300;
/** Metric types asked of at the same time. */
const atOnce = 6;

/** Reads which metric types there are under the prefixes that are looked at. */
export async function readMetricTypes(
  { clients, projectId, metricPrefixes }: MetricsBackend,
  signal: AbortSignal,
): Promise<ReadRows<MetricType>> {
  const client = await clients.metrics();
  const found = await Promise.all(
    metricPrefixes.map((prefix) =>
      readPages(pageSize, async (pageToken) => {
        const request = {
          name: `projects/${projectId}`,
          filter: `metric.type = starts_with(${JSON.stringify(prefix)})`,
          ...{ pageSize, pageToken },
        };
        const [rows, , answer] = await ask(
          clients,
          'metricDescriptors.list of Cloud Monitoring',
          signal,
          (own) => client.listMetricDescriptors(request, callOptions(own)),
        );
        const types = rows.map(({ type, unit, labels }) => ({
          type: type ?? '',
          unit: unit || null,
          labels: (labels ?? []).flatMap(({ key }) => key ?? []),
        }));
        return { rows: types, nextPageToken: answer.nextPageToken ?? '' };
      }),
    ),
  );
  const { rows, left } = shareTypes(
    found.map(({ rows }, index) => ({ prefix: metricPrefixes[index] ?? '', types: rows })),
    mostTypes,
  );
  const lefts = [...found.map((one) => one.left), left].filter((one) => one !== null);
  return { rows, left: lefts.join('; ') || null };
}

async function readType(
  { clients, projectId }: MetricsBackend,
  { type, unit }: MetricType,
  { window, limit }: MetricsQuery,
  signal: AbortSignal,
): Promise<ReadRows<Series>> {
  const client = await clients.metrics();
  let partial: string | null = null;
  const { rows, left } = await readPages(limit, async (pageToken) => {
    const request = {
      name: `projects/${projectId}`,
      filter: `metric.type = ${JSON.stringify(type)}`,
      // The interval of this API does not include its start, ours does; what is beyond is left out below.
      interval: { startTime: timestampOf(window.startAt - 1), endTime: timestampOf(window.endAt) },
      view: 'FULL' as const,
      ...{ pageSize, pageToken },
    };
    const [series, , answer] = await ask(clients, `timeSeries.list of ${type}`, signal, (own) =>
      client.listTimeSeries(request, callOptions(own)),
    );
    const errors = answer.executionErrors ?? [];
    if (errors.length > 0) partial = `${type}: ${errors[0]?.message ?? 'part of it is missing'}`;
    return { rows: series, nextPageToken: answer.nextPageToken ?? '' };
  });
  return { rows: rows.flatMap((one) => toSeries(one, unit, window)), left: left ?? partial };
}

/** Reads metric series: which types there are, then each, a few at a time. */
export async function readMetrics(
  backend: MetricsBackend,
  query: MetricsQuery,
  types: ReadRows<MetricType>,
  signal: AbortSignal,
): Promise<Read<Series>> {
  const wanted = types.rows.filter(
    ({ type }) => query.metric === undefined || [type, shortName(type)].includes(query.metric),
  );
  const read: ReadRows<Series>[] = [];
  for (let from = 0; from < wanted.length; from += atOnce) {
    const some = wanted.slice(from, from + atOnce);
    read.push(...(await Promise.all(some.map((type) => readType(backend, type, query, signal)))));
  }
  const { service, limit } = query;
  const all = read
    .flatMap((one) => one.rows)
    .filter((one) => service === undefined || one.service === service)
    .toSorted((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
  const lefts = [types.left, ...read.map((one) => one.left)].filter((one) => one !== null);
  const cut = all.length > limit ? [`${all.length - limit} of ${all.length} series not read`] : [];
  return {
    rows: all.slice(0, limit),
    query:
      `timeSeries.list metric.type = ${wanted.map(({ type }) => JSON.stringify(type)).join(' | ')}`.slice(
        0,
        2_000,
      ),
    source: `Cloud Monitoring, projects/${backend.projectId}`,
    truncated: [...lefts, ...cut].join('; ') || null,
  };
}

function keyOf({ metric, service, instance, peer, statistic, attributes }: Series): string {
  return JSON.stringify([metric, service, instance, peer, statistic, attributes]);
}
