import { compareTexts } from '../../compare-texts.ts';
import type { ClusterEvent, StateObject } from '../../ports/telemetry.ts';
import type { FaultKind } from '../../schemas/fault-kind.ts';
import type { Entity } from '../../schemas/primitives.ts';
import { faultOfWords } from './fault-of-words.ts';
import {
  conditionsAt,
  containersOf,
  desiredReplicas,
  firstAt,
  isObject,
  numberOf,
  textOf,
  valueAt,
} from './object-body.ts';
import type { Json } from './object-body.ts';
import { isGoing } from './standing.ts';
import type { Standing } from './standing.ts';

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
  /** The object stands as it should again, or is being removed. */
  readonly isOver: boolean;
  /** Somebody may want it so: alone it is no sign of trouble. */
  readonly mayBeWanted?: boolean;
}

/** Reads an event as a condition; null for what is normal, or of a kind that nothing follows from. */
export function conditionOfEvent(event: ClusterEvent, standing: Standing): Condition | null {
  if (event.name === null) return null;
  const message = event.message ?? '';
  const faultKind = faultOfEvent(event, standing);
  if (faultKind === null) return null;
  return {
    entity: standing.entityOf(event.kind, event.name),
    faultKind,
    detail: message === '' ? event.reason : `${event.reason}: ${message}`,
    count: event.count,
    firstAt: event.firstAt ?? event.at,
    lastAt: event.at,
    isOver: standing.isSettled(event.kind, event.name),
  };
}

/** As the controller of Deployments writes it, in the versions of Kubernetes up to 1.24, up to 1.29, and since. */
const scaledToNone = /^Scaled down replica set \S{1,253} (?:from \d{1,9} )?to 0\b/;

function faultOfEvent(event: ClusterEvent, standing: Standing): FaultKind | null {
  const { type, kind, name, reason, message } = event;
  if (type?.toLowerCase() !== 'normal') return faultOfWords({ reason, message: message ?? '' });
  // A new version takes the replicas of the one before it to 0 too, but then the workload still asks for some.
  const isScaled = scaledToNone.test(message ?? '') && standing.asksForNone(kind, name ?? '');
  return isScaled ? 'scaled-to-zero' : null;
}

type Wrong = Pick<Condition, 'faultKind' | 'detail' | 'count' | 'mayBeWanted'> & {
  /** Whom it is wrong with, where that is not the object itself. */
  readonly entity?: Entity;
};

const manyRestarts = 3;
const steadyMs = 15 * 60_000;

/** Whether a container has served for a while now: how it ended before that is over. */
function isSteady(container: Json, at: number): boolean {
  const startedAt = Date.parse(
    textOf(firstAt(container, 'state.running.startedAt', 'state.started_at')),
  );
  return container['ready'] === true && startedAt < at - steadyMs;
}

/** What is wrong with one container: why it waits or ended, else that it restarts again and again. */
function containerWrongs(container: Json, at: number): readonly Wrong[] {
  if (isSteady(container, at)) return [];
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
    const isPressure = type.endsWith('Pressure') || type === 'NetworkUnavailable';
    if (status === (isPressure ? 'False' : 'True') || (isPressure && status !== 'True')) return [];
    const reason = textOf(condition['reason']);
    const message = textOf(condition['message']);
    const isNodeDown = kind === 'node' && (type === 'Ready' || type === 'NetworkUnavailable');
    const faultKind = isNodeDown
      ? 'node-failure'
      : faultOfWords({ reason: isPressure ? type : reason, message });
    const detail = [`${type} is ${status}`, reason, message]
      .filter((text) => text !== '')
      .join(': ');
    return faultKind === null ? [] : [{ faultKind, detail, count: 1 }];
  });
}

/** An idle colour, a service that runs only on demand and one that was put away ask for none as well. */
function replicaWrongs(body: Json): readonly Wrong[] {
  if (desiredReplicas(body) !== 0) return [];
  const detail = 'asks for 0 replicas';
  return [{ faultKind: 'scaled-to-zero', detail, count: 1, mayBeWanted: true }];
}

/** A claim may wait for its first user for as long as it likes; what is wrong with one that a pod waits for is wrong with that pod. */
function claimWrongs(claim: StateObject, standing: Standing): readonly Wrong[] {
  const { name, body } = claim;
  const phase = textOf(valueAt(body, 'status.phase') ?? body['phase']);
  const wrong = { faultKind: 'volume', detail: `the claim ${name} is ${phase}`, count: 1 } as const;
  if (phase === 'Lost') return [wrong];
  if (phase !== 'Pending') return [];
  const waiting = standing.waitingFor(claim);
  return waiting.length === 0
    ? [{ ...wrong, mayBeWanted: true }]
    : waiting.map((entity) => ({ ...wrong, entity }));
}

function wrongsOf(kind: string, object: StateObject, standing: Standing): readonly Wrong[] {
  const { body, at } = object;
  const stated = statedWrongs(kind, conditionsAt(body));
  switch (kind) {
    case 'pod':
      return [...containersOf(body).flatMap((one) => containerWrongs(one, at)), ...stated];
    case 'deployment':
    case 'statefulset':
      return [...replicaWrongs(body), ...stated];
    case 'persistentvolumeclaim':
      return claimWrongs(object, standing);
    default:
      return stated;
  }
}

/** Reads an object as what is wrong with it, each kind of fault once; empty for one that stands as it should, is being removed, or that nothing is known of. */
export function conditionsOfObject(object: StateObject, standing: Standing): readonly Condition[] {
  if (isGoing(object.body)) return [];
  const wrongs = wrongsOf(object.kind.toLowerCase(), object, standing);
  const keyOf = ({ faultKind, entity }: Wrong): string => `${faultKind} ${entity?.name ?? ''}`;
  const once = wrongs.filter(
    (wrong, index) => wrongs.findIndex((one) => keyOf(one) === keyOf(wrong)) === index,
  );
  return once.map((wrong) => ({
    entity: standing.entityOf(object.kind, object.name),
    ...wrong,
    firstAt: null,
    lastAt: object.at,
    isOver: false,
  }));
}

const leastScore = 4;
const quietScore = 2;
const staleMs = 15 * 60_000;

/** How far out a condition is: more for what happened often, little for what is over, was well before the trouble began, or may be wanted. */
export function scoreOfCondition(condition: Condition, suspectedAt: number): number {
  const { count, lastAt, isOver, mayBeWanted = false } = condition;
  const isQuiet = isOver || mayBeWanted || lastAt < suspectedAt - staleMs;
  return isQuiet ? quietScore : scoreOfCount(count);
}

/** How far out it is that something was said so often, or stands so once. */
export function scoreOfCount(count: number): number {
  return Math.min(10, leastScore + Math.log2(1 + Math.max(1, count)));
}

/** Joins conditions of one entity and kind of fault, in whatever order: their counts add up, the words of the most frequent one stay. What is over counts only where nothing goes on. */
export function joinConditions(conditions: readonly Condition[]): readonly Condition[] {
  const joined = new Map<string, Condition>();
  const currentFirst = conditions.toSorted(
    (one, other) =>
      Number(one.isOver) - Number(other.isOver) ||
      Number(one.mayBeWanted ?? false) - Number(other.mayBeWanted ?? false) ||
      other.count - one.count ||
      compareTexts(one.detail, other.detail),
  );
  for (const one of currentFirst) {
    const key = JSON.stringify([one.entity.kind, one.entity.name, one.faultKind]);
    const before = joined.get(key);
    if (before === undefined) {
      joined.set(key, one);
      continue;
    }
    if (one.isOver && !before.isOver) continue;
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
