import { readdir } from 'node:fs/promises';
import { publishedFile, readPublished } from './case-folder.ts';

export type Rows = readonly Readonly<Record<string, unknown>>[];

/** The evidence of a scenario as rows of the case format, by kind of telemetry. */
export interface Evidence {
  readonly metrics: Rows;
  readonly logs: Rows;
  readonly events: Rows;
  readonly state: Rows;
  readonly alerts: Rows;
}

/**
 * Reads what a scenario holds; a file that it lacks is that of its base, as scenarios inherit evidence. Databases and their events are under the name of
 * the instance, pods under those of the pods.
 */
export async function readEvidence(
  folder: string,
  { base, service }: { readonly base: string | null; readonly service: string },
): Promise<Evidence> {
  const read = async <Content>(name: string): Promise<Content | null> => {
    const homes = base === null ? [folder] : [folder, base];
    const home = homes.find((one) => publishedFile(one, name) !== null);
    return home === undefined ? null : (JSON.parse(await readPublished(home, name)) as Content);
  };
  const insights = await read<Insights>('aws_performance_insights.json');
  const rdsEvents = await read<{ readonly events: readonly RdsEvent[] }>('aws_rds_events.json');
  const events = await read<{ readonly warning_events: readonly PodEvent[] }>('eks_events.json');
  const logs = await read<{ readonly logs: readonly DatadogLog[] }>('datadog_logs.json');
  const podLogs = await read<PodLogs>('eks_pod_logs.json');
  const pods = await read<{ readonly pods: Rows }>('eks_pods.json');
  const deployments = await read<{ readonly deployments: Rows }>('eks_deployments.json');
  const nodes = await read<{ readonly nodes: Rows }>('eks_node_health.json');
  const monitors = await read<{ readonly monitors: readonly Monitor[] }>('datadog_monitors.json');
  return {
    metrics: [...(await readMetrics(folder)), ...(insights === null ? [] : loadOf(insights))],
    logs: [
      ...(logs?.logs ?? []).map(logRow),
      ...(podLogs === null ? [] : podLogRows(podLogs, service)),
    ],
    events: [
      ...(rdsEvents?.events ?? []).map(rdsEventRow),
      ...(events?.warning_events ?? []).map(podEventRow),
    ],
    state: [
      ...(pods?.pods ?? []).map((one) => ({ kind: 'Pod', ...one })),
      ...(deployments?.deployments ?? []).map((one) => ({ kind: 'Deployment', ...one })),
      ...(nodes?.nodes ?? []).map((one) => ({ kind: 'Node', ...one })),
      ...(insights === null ? [] : [insightsObject(insights)]),
    ],
    alerts: (monitors?.monitors ?? []).map(monitorRow),
  };
}

/** Metrics are one file for all, or one each. */
async function readMetrics(folder: string): Promise<Rows> {
  const files = await readdir(folder);
  const named = files.filter(
    (file) => file.startsWith('aws_cloudwatch_metrics') && !file.includes('envelope'),
  );
  const read = await Promise.all(
    named.toSorted().map(async (file) => {
      const text = await readPublished(folder, file.replace(/\.gz$/, ''));
      const content = JSON.parse(text) as Metric | { readonly metric_data_results: Metric[] };
      return 'metric_data_results' in content ? content.metric_data_results : [content];
    }),
  );
  return read.flat().flatMap(metricRows);
}

export function metricRows(metric: Metric): Rows {
  const service = metric.dimensions[0]?.Value ?? null;
  return metric.timestamps.map((time, index) => ({
    ...{ time, metric: metric.metric_name, value: metric.values[index], service },
    ...{ statistic: metric.stat, unit: metric.unit },
  }));
}

function loadOf({ db_instance_identifier: service, db_load }: Insights): Rows {
  return db_load.timestamps.map((time, index) => ({
    ...{ time, metric: 'db_load', value: db_load.values[index], service, unit: db_load.unit },
  }));
}

function insightsObject(insights: Insights) {
  const { db_load: _load, db_instance_identifier: name, ...rest } = insights;
  return { kind: 'PerformanceInsights', name, ...rest };
}

export function rdsEventRow(event: RdsEvent) {
  return {
    time: event.date,
    reason: event.event_categories.join(', ') || 'event',
    kind: event.source_type,
    name: event.source_identifier,
    message: event.message,
  };
}

function podEventRow(event: PodEvent) {
  const { last_time: time, first_time, reason, message, type, count, namespace } = event;
  return {
    ...{ time, first_time, reason, message, type, count, namespace, name: event.involved_object },
  };
}

function logRow({
  timestamp: time,
  message: body,
  status: severity,
  service,
  host,
  tags,
}: DatadogLog) {
  const pod = tags.find((tag) => /^(pod_name|kube_pod):/.test(tag))?.split(':')[1];
  return { time, body, severity, service, node: host, ...(pod !== undefined && { instance: pod }) };
}

/** Lines of a pod that begin with a time; what the platform adds in brackets has none. */
export function podLogRows({ pod_name: instance, logs }: PodLogs, service: string): Rows {
  return logs.split('\n').flatMap((line) => {
    const [, time, severity, body] = /^(\S+Z) (\w+) (.*)$/.exec(line) ?? [];
    return time === undefined ? [] : [{ time, severity, body, service, instance }];
  });
}

function monitorRow({ name, query, message, overall_state: state, tags }: Monitor) {
  const owner = tags.find((tag) => /^(service|kube_deployment):/.test(tag))?.split(':')[1];
  return {
    name,
    state,
    message: `${message} ${query}`,
    ...(owner !== undefined && { entity: owner }),
  };
}

interface Metric {
  readonly metric_name: string;
  readonly dimensions: readonly { readonly Value: string }[];
  readonly stat: string;
  readonly unit: string;
  readonly timestamps: readonly string[];
  readonly values: readonly number[];
}

interface Insights {
  readonly db_instance_identifier: string;
  readonly db_load: {
    readonly timestamps: readonly string[];
    readonly values: readonly number[];
    readonly unit: string;
  };
}

interface RdsEvent {
  readonly date: string;
  readonly message: string;
  readonly source_identifier: string;
  readonly source_type: string;
  readonly event_categories: readonly string[];
}

interface PodEvent {
  readonly namespace: string;
  readonly reason: string;
  readonly message: string;
  readonly type: string;
  readonly count: number;
  readonly involved_object: string;
  readonly first_time: string;
  readonly last_time: string;
}

interface DatadogLog {
  readonly timestamp: string;
  readonly message: string;
  readonly status: string;
  readonly service: string;
  readonly host: string;
  readonly tags: readonly string[];
}

interface PodLogs {
  readonly pod_name: string;
  readonly logs: string;
}

interface Monitor {
  readonly name: string;
  readonly query: string;
  readonly message: string;
  readonly overall_state: string;
  readonly tags: readonly string[];
}
