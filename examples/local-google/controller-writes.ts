import type { Window } from '../../core/schemas/primitives.ts';
import { namespace } from './places.ts';
import type { JsonObject } from './struct.ts';

/** A write to an object of the cluster, as its audit log tells of it. */
export interface ClusterWrite {
  readonly at: number;
  readonly insertId: string;
  readonly method: string;
  readonly resource: string;
  readonly object: JsonObject;
  readonly by: string;
}

/** What controllers write all day long, by method, and whose object. */
const writes = [
  ['io.k8s.coordination.v1.leases.update', 'coordination.k8s.io/v1', 'leases/scheduler'],
  ['io.k8s.core.v1.pods.binding.create', 'core/v1', 'pods/checkout-7d9f/binding'],
  ['io.k8s.apps.v1.deployments.status.update', 'apps/v1', 'deployments/checkout/status'],
  ['io.k8s.core.v1.pods.create', 'core/v1', 'pods/checkout-7d9f'],
  ['io.k8s.batch.v1.jobs.create', 'batch/v1', 'jobs/nightly'],
  ['io.k8s.authorization.v1.subjectaccessreviews.create', 'authorization.k8s.io/v1', 'reviews/a'],
] as const;

/** Gives so many writes of controllers, spread over the window. */
export function writesOf({ startAt, endAt }: Window, count: number): readonly ClusterWrite[] {
  return Array.from({ length: count }, (_, index) => {
    const [method, group, path] = writes[index % writes.length] ?? writes[0];
    return {
      at: startAt + ((endAt - startAt) * index) / count,
      insertId: `controller-${index}`,
      method,
      resource: `${group}/namespaces/${namespace}/${path}`,
      object: { metadata: { name: path.split('/')[1] ?? '', namespace } },
      by: 'system:kube-controller-manager',
    };
  });
}
