import { comparisonsOf, fulfils, isOrdered, parseFilter } from './filter.ts';
import type { Comparison } from './filter.ts';
import { loadService, pageOf } from './grpc-server.ts';
import type { GrpcService } from './grpc-server.ts';
import { textField } from './request-fields.ts';
import { nanosOfTimestamp } from './time.ts';
import type { Timestamp } from './time.ts';
import { descriptorsOf, messageOf } from './time-series.ts';
import type { StoredSeries } from './time-series.ts';

const mostSeries = 100_000;
const mostDescriptors = 10_000;

interface TimeSeriesRequest {
  readonly name?: unknown;
  readonly filter?: string;
  readonly interval?: {
    readonly startTime?: Partial<Timestamp> | null;
    readonly endTime?: Partial<Timestamp> | null;
  };
  readonly aggregation?: { readonly perSeriesAligner?: unknown } | null;
  readonly view?: unknown;
  readonly pageSize?: unknown;
  readonly pageToken?: unknown;
}

/** Cloud Monitoring: `timeSeries.list`, without aggregation, and `metricDescriptors.list` over the metrics of a case. */
export function createMonitoringService(
  series: readonly StoredSeries[],
  projectId: string,
): GrpcService {
  const descriptors = descriptorsOf(series, projectId);
  return {
    definition: loadService(
      ['@google-cloud/monitoring'],
      '@google-cloud/monitoring/build/protos/protos.json',
      'google.monitoring.v3.MetricService',
    ),
    methods: {
      ListTimeSeries: {
        route: 'monitoring.timeSeries.list',
        field: 'timeSeries',
        partial: { executionErrors: [{ code: 14, message: 'part of the data was unavailable' }] },
        list: (request: TimeSeriesRequest) => listSeries(series, request, projectId),
      },
      ListMetricDescriptors: {
        route: 'monitoring.metricDescriptors.list',
        field: 'metricDescriptors',
        partial: {},
        list: (request) => {
          checkProject(request['name'], projectId);
          const parsed = parseFilter(textField(request, 'filter'));
          const found = descriptors.filter((one) =>
            fulfils(parsed, (comparison) => isAbout(comparison, one.type)),
          );
          const { pageSize, pageToken } = request;
          return pageOf(found, { pageSize, pageToken, most: mostDescriptors });
        },
      },
    },
  };
}

function listSeries(
  series: readonly StoredSeries[],
  request: TimeSeriesRequest,
  projectId: string,
): ReturnType<typeof pageOf> {
  checkProject(request.name, projectId);
  const filter = parseFilter(request.filter ?? '');
  const types = comparisonsOf(filter).filter(({ field }) => field === 'metric.type');
  if (types.length !== 1 || types[0]?.operator !== '=' || types[0].isPrefix) {
    throw new Error('Field filter had an invalid value: it must name one metric type');
  }
  const aligner = request.aggregation?.perSeriesAligner ?? 'ALIGN_NONE';
  if (aligner !== 'ALIGN_NONE') throw new Error('this server does not aggregate');
  const interval = {
    from: nanosOfTimestamp(request.interval?.startTime),
    until: nanosOfTimestamp(request.interval?.endTime),
  };
  if (interval.until <= interval.from) throw new Error('the interval ends before it starts');
  const found = series
    .filter((one) => fulfils(filter, (comparison) => holds(one, comparison)))
    .flatMap((one) => messageOf(one, interval) ?? []);
  const { pageSize, pageToken } = request;
  return pageOf(found, { pageSize, pageToken, most: mostSeries });
}

function checkProject(name: unknown, projectId: string): void {
  if (name !== `projects/${projectId}`) throw new Error(`name has to be projects/${projectId}`);
}

function holds(series: StoredSeries, comparison: Comparison): boolean {
  const { field, operator, value } = comparison;
  if (field === 'metric.type') return isAbout(comparison, series.metric.type);
  if (field === 'resource.type') return isOrdered(series.resource.type, operator, value);
  const [, owner, label = ''] = /^(metric|resource)\.labels?\.(.+)$/.exec(field) ?? [];
  if (owner === undefined) throw new Error(`this server knows no field ${field}`);
  const { labels } = owner === 'metric' ? series.metric : series.resource;
  return isOrdered(labels[label] ?? '', operator, value);
}

function isAbout({ field, operator, value, isPrefix }: Comparison, type: string): boolean {
  if (field !== 'metric.type') throw new Error(`this server knows no field ${field}`);
  return isPrefix ? type.startsWith(value) : isOrdered(type, operator, value);
}
