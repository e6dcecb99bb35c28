import type { StateObject } from '../../ports/telemetry.ts';
import type { Entity } from '../../schemas/primitives.ts';
import {
  conditionsAt,
  containersOf,
  desiredReplicas,
  firstAt,
  numberOf,
  objectsAt,
  textOf,
  valueAt,
} from './object-body.ts';
import type { Json } from './object-body.ts';
import { entityOfObject } from './workload.ts';

/** How the objects of a platform stand now, as far as they are known. */
export interface Standing {
  /** Names an object as an entity: a pod stands for its workload, by the workloads that there are before the form of its name. */
  readonly entityOf: (kind: string | null, name: string) => Entity;
  /** Whether an object stands as it should again, or is on its way out: what was said of it is over. */
  readonly isSettled: (kind: string | null, name: string) => boolean;
  /** Whether a workload asks for no replicas. */
  readonly asksForNone: (kind: string | null, name: string) => boolean;
  /** The workloads whose pods wait to start and use a claim, each once. */
  readonly waitingFor: (claim: Pick<StateObject, 'namespace' | 'name'>) => readonly Entity[];
}

const workloads: ReadonlySet<string> = new Set([
  'deployment',
  'statefulset',
  'daemonset',
  'rollout',
]);

/** As the scheduler names a claim that it waits for. */
const saidClaim = /persistentvolumeclaim "([^"]{1,253})"/;

/** Whether an object is being deleted: what it still says is the end of it. */
export function isGoing(body: Json): boolean {
  const at = firstAt(body, 'metadata.deletionTimestamp', 'deletionTimestamp', 'deletion_timestamp');
  return textOf(at) !== '';
}

function isReady(body: Json): boolean {
  return conditionsAt(body).some(({ type, status }) => type === 'Ready' && status === 'True');
}

function isComplete(body: Json): boolean {
  const desired = desiredReplicas(body) ?? 0;
  const ready = numberOf(firstAt(body, 'status.readyReplicas', 'ready'));
  const missing = numberOf(firstAt(body, 'status.unavailableReplicas', 'unavailable'));
  return desired > 0 && ready >= desired && missing === 0;
}

/** The claims that a pod which still waits to start uses, or says that it waits for. One that finds no node for another reason keeps its claims waiting itself. */
function awaitedClaims(body: Json): readonly string[] {
  if (textOf(firstAt(body, 'status.phase', 'phase')) !== 'Pending') return [];
  const messages = conditionsAt(body).map(({ message }) => textOf(message).toLowerCase());
  const searching = messages.filter((message) => message.includes('nodes are available: '));
  if (searching.length > 0 && !searching.some((message) => message.includes('volume'))) return [];
  const used = objectsAt(body, 'spec.volumes').map((volume) =>
    textOf(valueAt(volume, 'persistentVolumeClaim.claimName')),
  );
  const said = messages.map((message) => saidClaim.exec(message)?.[1] ?? '');
  return [...used, ...said].filter((name) => name !== '');
}

function isWell(kind: string, body: Json): boolean {
  if (workloads.has(kind)) return isComplete(body);
  if (kind !== 'pod') return isReady(body);
  const containers = containersOf(body);
  return (
    isReady(body) || (containers.length > 0 && containers.every(({ ready }) => ready === true))
  );
}

const claimKey = ({ namespace, name }: Pick<StateObject, 'namespace' | 'name'>): string =>
  JSON.stringify([namespace, name]);

/** Reads how objects stand. Without any, pods go by the form of their names and nothing is known to be over. */
export function readStanding(objects: readonly StateObject[]): Standing {
  const settled = new Map<string, boolean>();
  const idle = new Set<string>();
  const waiting = new Map<string, Set<string>>();
  const names: string[] = [];
  for (const { kind, name, namespace, body } of objects) {
    const plain = kind.toLowerCase();
    settled.set(`${plain} ${name}`, isGoing(body) || isWell(plain, body));
    if (workloads.has(plain)) names.push(name);
    if (workloads.has(plain) && desiredReplicas(body) === 0) idle.add(`${plain} ${name}`);
    const claims = plain === 'pod' && !isGoing(body) ? awaitedClaims(body) : [];
    for (const claim of claims) {
      const key = claimKey({ namespace, name: claim });
      waiting.set(key, (waiting.get(key) ?? new Set<string>()).add(name));
    }
  }
  const longestFirst = names.toSorted((one, other) => other.length - one.length);
  const ownerOf = (pod: string): string | undefined =>
    longestFirst.find((name) => pod.startsWith(`${name}-`));
  const isWorkloadWell = (name: string | undefined): boolean =>
    [...workloads].some((kind) => settled.get(`${kind} ${name}`) === true);
  const entityOf = (kind: string | null, name: string): Entity => {
    const owner = kind?.toLowerCase() === 'pod' ? ownerOf(name) : undefined;
    return owner === undefined ? entityOfObject(kind, name) : { kind: 'service', name: owner };
  };
  return {
    entityOf,
    asksForNone: (kind, name) => idle.has(`${kind?.toLowerCase() ?? ''} ${name}`),
    waitingFor: (claim) => {
      const pods = [...(waiting.get(claimKey(claim)) ?? [])].map((pod) => entityOf('Pod', pod));
      return [...new Map(pods.map((entity) => [entity.name, entity])).values()];
    },
    isSettled: (kind, name) => {
      const plain = kind?.toLowerCase() ?? '';
      // A pod that is no more was replaced, if its workload is complete without it.
      return settled.get(`${plain} ${name}`) ?? (plain === 'pod' && isWorkloadWell(ownerOf(name)));
    },
  };
}
