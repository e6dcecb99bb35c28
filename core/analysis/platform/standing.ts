import type { StateObject } from '../../ports/telemetry.ts';
import type { Entity } from '../../schemas/primitives.ts';
import { conditionsAt, containersOf, firstAt, numberOf, textOf } from './object-body.ts';
import type { Json } from './object-body.ts';
import { entityOfObject } from './workload.ts';

/** How the objects of a platform stand now, as far as they are known. */
export interface Standing {
  /** Names an object as an entity: a pod stands for its workload, by the workloads that there are before the form of its name. */
  readonly entityOf: (kind: string | null, name: string) => Entity;
  /** Whether an object stands as it should again, or is on its way out: what was said of it is over. */
  readonly isSettled: (kind: string | null, name: string) => boolean;
}

const workloads: ReadonlySet<string> = new Set([
  'deployment',
  'statefulset',
  'daemonset',
  'rollout',
]);

/** Whether an object is being deleted: what it still says is the end of it. */
export function isGoing(body: Json): boolean {
  const at = firstAt(body, 'metadata.deletionTimestamp', 'deletionTimestamp', 'deletion_timestamp');
  return textOf(at) !== '';
}

function isReady(body: Json): boolean {
  return conditionsAt(body).some(({ type, status }) => type === 'Ready' && status === 'True');
}

function isComplete(body: Json): boolean {
  const desired = numberOf(firstAt(body, 'spec.replicas', 'desired'));
  const ready = numberOf(firstAt(body, 'status.readyReplicas', 'ready'));
  const missing = numberOf(firstAt(body, 'status.unavailableReplicas', 'unavailable'));
  return desired > 0 && ready >= desired && missing === 0;
}

function isWell(kind: string, body: Json): boolean {
  if (workloads.has(kind)) return isComplete(body);
  if (kind !== 'pod') return isReady(body);
  const containers = containersOf(body);
  return (
    isReady(body) || (containers.length > 0 && containers.every(({ ready }) => ready === true))
  );
}

/** Reads how objects stand. Without any, pods go by the form of their names and nothing is known to be over. */
export function readStanding(objects: readonly StateObject[]): Standing {
  const settled = new Map<string, boolean>();
  const names: string[] = [];
  for (const { kind, name, body } of objects) {
    const plain = kind.toLowerCase();
    settled.set(`${plain} ${name}`, isGoing(body) || isWell(plain, body));
    if (workloads.has(plain)) names.push(name);
  }
  const longestFirst = names.toSorted((one, other) => other.length - one.length);
  const ownerOf = (pod: string): string | undefined =>
    longestFirst.find((name) => pod.startsWith(`${name}-`));
  const isWorkloadWell = (name: string | undefined): boolean =>
    [...workloads].some((kind) => settled.get(`${kind} ${name}`) === true);
  return {
    entityOf: (kind, name) => {
      const owner = kind?.toLowerCase() === 'pod' ? ownerOf(name) : undefined;
      return owner === undefined ? entityOfObject(kind, name) : { kind: 'service', name: owner };
    },
    isSettled: (kind, name) => {
      const plain = kind?.toLowerCase() ?? '';
      // A pod that is no more was replaced, if its workload is complete without it.
      return settled.get(`${plain} ${name}`) ?? (plain === 'pod' && isWorkloadWell(ownerOf(name)));
    },
  };
}
