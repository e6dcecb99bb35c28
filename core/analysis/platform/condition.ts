import type { ClusterEvent, StateObject } from '../../ports/telemetry.ts';
import type { FaultKind } from '../../schemas/fault-kind.ts';
import type { Entity } from '../../schemas/primitives.ts';
import { faultOfWords } from './fault-of-words.ts';
import { entityOfObject } from './workload.ts';

/** Something that a platform itself says is wrong with an entity. */
export interface Condition {
  readonly entity: Entity;
  readonly faultKind: FaultKind;
  /** In the platform's words. */
  readonly detail: string;
  /** How often it was said or happened. */
  readonly count: number;
  readonly firstAt: number | null;
  readonly lastAt: number;
}

type Json = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function numberOf(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : 0;
}

/** The objects of a list that stands at the first of some paths that has one. */
function objectsAt(body: Json, ...paths: readonly string[]): readonly Json[] {
  for (const path of paths) {
    const value = valueAt(body, path);
    if (Array.isArray(value)) return value.filter(isObject);
  }
  return [];
}

function valueAt(body: Json, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((value, key) => (isObject(value) ? value[key] : undefined), body);
}

/** Reads an event as a condition; null for what is normal, or of a kind that nothing follows from. */
export function conditionOfEvent(event: ClusterEvent): Condition | null {
  if (event.type?.toLowerCase() === 'normal' || event.name === null) return null;
  const message = event.message ?? '';
  const faultKind = faultOfWords({ reason: event.reason, message });
  if (faultKind === null) return null;
  return {
    entity: entityOfObject(event.kind, event.name),
    faultKind,
    detail: message === '' ? event.reason : `${event.reason}: ${message}`,
    count: event.count,
    firstAt: event.firstAt ?? event.at,
    lastAt: event.at,
  };
}

interface Wrong {
  readonly faultKind: FaultKind;
  readonly detail: string;
  readonly count: number;
}

const manyRestarts = 3;

/** What is wrong with one container: why it waits or ended, else that it restarts again and again. */
function containerWrongs(container: Json): readonly Wrong[] {
  const name = textOf(container['name']);
  const restarts = numberOf(container['restartCount'] ?? container['restart_count']);
  const states = [
    valueAt(container, 'state.waiting'),
    valueAt(container, 'state.terminated'),
    valueAt(container, 'lastState.terminated'),
    valueAt(container, 'last_state'),
    valueAt(container, 'state'),
  ].filter(isObject);
  for (const state of states) {
    const said = { reason: textOf(state['reason']), message: textOf(state['message']) };
    const faultKind = faultOfWords(said);
    if (faultKind === null) continue;
    const words = [said.reason, said.message].filter((text) => text !== '').join(': ');
    return [{ faultKind, detail: `container ${name}: ${words}`, count: Math.max(1, restarts) }];
  }
  if (restarts < manyRestarts) return [];
  return [{ faultKind: 'restart', detail: `container ${name} restarted`, count: restarts }];
}

/** Conditions of a pod, node or workload that are not as they should be. */
function statedWrongs(kind: string, conditions: readonly Json[]): readonly Wrong[] {
  return conditions.flatMap((condition): Wrong[] => {
    const type = textOf(condition['type']);
    const status = textOf(condition['status']);
    const isPressure = type.endsWith('Pressure');
    if (status === (isPressure ? 'False' : 'True') || (isPressure && status !== 'True')) return [];
    const reason = textOf(condition['reason']);
    const message = textOf(condition['message']);
    const isNodeDown = kind === 'node' && type === 'Ready';
    const faultKind = isNodeDown
      ? 'node-failure'
      : faultOfWords({ reason: isPressure ? type : reason, message });
    const detail = [`${type} is ${status}`, reason, message]
      .filter((text) => text !== '')
      .join(': ');
    return faultKind === null ? [] : [{ faultKind, detail, count: 1 }];
  });
}

function replicaWrongs(body: Json): readonly Wrong[] {
  const desired = valueAt(body, 'spec.replicas') ?? body['desired'];
  if (desired !== 0) return [];
  return [{ faultKind: 'scaled-to-zero', detail: 'asks for 0 replicas', count: 1 }];
}

function wrongsOf(kind: string, body: Json): readonly Wrong[] {
  const stated = statedWrongs(kind, objectsAt(body, 'status.conditions', 'conditions'));
  const phase = textOf(valueAt(body, 'status.phase') ?? body['phase']);
  switch (kind) {
    case 'pod': {
      const containers = [
        ...objectsAt(body, 'status.containerStatuses', 'containers'),
        ...objectsAt(body, 'status.initContainerStatuses'),
      ];
      return [...containers.flatMap(containerWrongs), ...stated];
    }
    case 'deployment':
    case 'statefulset':
      return [...replicaWrongs(body), ...stated];
    case 'persistentvolumeclaim':
      return phase === 'Pending' || phase === 'Lost'
        ? [{ faultKind: 'volume', detail: `the claim is ${phase}`, count: 1 }]
        : [];
    default:
      return stated;
  }
}

/** Reads an object as what is wrong with it, each kind of fault once; empty for one that stands as it should or that nothing is known of. */
export function conditionsOfObject(object: StateObject): readonly Condition[] {
  const wrongs = wrongsOf(object.kind.toLowerCase(), object.body);
  const once = wrongs.filter(
    ({ faultKind }, index) => wrongs.findIndex((one) => one.faultKind === faultKind) === index,
  );
  return once.map((wrong) => ({
    entity: entityOfObject(object.kind, object.name),
    ...wrong,
    firstAt: null,
    lastAt: object.at,
  }));
}

const leastScore = 4;
const staleScore = 2;
const staleMs = 15 * 60_000;

/** How far out a condition is: more for what happened often, little for what was over well before the trouble began. */
export function scoreOfCondition({ count, lastAt }: Condition, suspectedAt: number): number {
  if (lastAt < suspectedAt - staleMs) return staleScore;
  return Math.min(10, leastScore + Math.log2(1 + Math.max(1, count)));
}

/** Joins conditions of one entity and kind of fault: their counts add up, the first words stay. */
export function joinConditions(conditions: readonly Condition[]): readonly Condition[] {
  const joined = new Map<string, Condition>();
  for (const one of conditions) {
    const key = JSON.stringify([one.entity.kind, one.entity.name, one.faultKind]);
    const before = joined.get(key);
    if (before === undefined) {
      joined.set(key, one);
      continue;
    }
    const firsts = [before.firstAt, one.firstAt].filter((at) => at !== null);
    joined.set(key, {
      ...before,
      count: before.count + one.count,
      firstAt: firsts.length === 0 ? null : Math.min(...firsts),
      lastAt: Math.max(before.lastAt, one.lastAt),
    });
  }
  return [...joined.values()];
}
