/** Where the services of a case run, as this server tells it: pods of one cluster. */
export const clusterName = 'local-cluster';
export const location = 'us-central1';
export const namespace = 'shop';

/** A monitored resource, as logs and metrics name what they are of. */
export interface MonitoredResource {
  readonly type: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** Gives the resource of a service; of what names no service, the project itself. */
export function resourceOf(
  projectId: string,
  service: string | null,
  instance: string | null,
): MonitoredResource {
  if (service === null) return { type: 'global', labels: { project_id: projectId } };
  return {
    type: 'k8s_container',
    labels: {
      project_id: projectId,
      location,
      cluster_name: clusterName,
      namespace_name: namespace,
      pod_name: instance ?? '',
      container_name: service,
    },
  };
}

/** The cluster, of which audit entries are. */
export function clusterOf(projectId: string): MonitoredResource {
  return {
    type: 'k8s_cluster',
    labels: { project_id: projectId, location, cluster_name: clusterName },
  };
}
