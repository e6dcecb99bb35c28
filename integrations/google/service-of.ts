/** Labels, as entries, series and resources have them. */
export type Labels = Readonly<Record<string, string>>;

/** Who a row of telemetry is of. */
export interface Origin {
  readonly service: string | null;
  readonly instance: string | null;
}

/** For each type of monitored resource the labels that name service and instance, the best first. */
const named: Readonly<
  Record<string, { readonly service: readonly string[]; readonly instance: readonly string[] }>
> = {
  aws_ec2_instance: { service: ['instance_id'], instance: ['instance_id'] },
  cloud_function: { service: ['function_name'], instance: [] },
  cloud_run_job: { service: ['job_name'], instance: [] },
  cloud_run_revision: { service: ['service_name'], instance: ['revision_name'] },
  cloudsql_database: { service: ['database_id'], instance: [] },
  gae_app: { service: ['module_id'], instance: ['version_id'] },
  gce_instance: { service: ['instance_id'], instance: ['instance_id'] },
  generic_node: { service: ['node_id'], instance: ['node_id'] },
  generic_task: { service: ['job'], instance: ['task_id'] },
  k8s_container: { service: ['container_name'], instance: ['pod_name'] },
  k8s_pod: { service: ['pod_name'], instance: ['pod_name'] },
  prometheus_target: { service: ['job'], instance: ['instance'] },
  redis_instance: { service: ['instance_id'], instance: ['node_id'] },
  spanner_instance: { service: ['instance_id'], instance: [] },
};

/** Names that say more than the resource does: what the program says of itself, and what its workload is called. */
const ownService = [
  'service.name',
  'service_name',
  'k8s-pod/app',
  'k8s-pod/app_kubernetes_io/name',
];
const ownInstance = ['service.instance.id', 'service_instance_id', 'instanceId', 'instance_id'];

/** Tells who a row is of, by the resource it names and the labels it carries. */
export function originOf(
  resource: { readonly type: string; readonly labels: Labels },
  labels: Labels,
): Origin {
  const known = named[resource.type] ?? { service: [], instance: [] };
  const first = (from: Labels, keys: readonly string[]): string | null =>
    keys.map((key) => from[key] ?? '').find((value) => value !== '') ?? null;
  return {
    service: first(labels, ownService) ?? first(resource.labels, known.service),
    instance: first(labels, ownInstance) ?? first(resource.labels, known.instance),
  };
}

/** Gives the comparisons of a filter of Cloud Logging by which entries of a service are found, whatever it runs on. */
export function serviceFilter(service: string): string {
  const text = JSON.stringify(service);
  const keys = new Set(Object.values(named).flatMap((one) => one.service));
  const labels = ownService.map((key) => `labels.${JSON.stringify(key)} = ${text}`);
  const resources = [...keys].map((key) => `resource.labels.${key} = ${text}`);
  return `(${[...resources, ...labels].join(' OR ')})`;
}
