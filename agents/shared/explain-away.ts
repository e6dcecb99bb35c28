import { alertedAspects } from '../../core/analysis/metrics/alerted-metric.ts';
import type { Entity } from '../../core/schemas/primitives.ts';
import { arisingIn, isBlocked, isByBursts, isImpatient, leastShare, runtimeOf } from './arising.ts';
import { entityKey } from './entity-key.ts';
import { deltaOf, isShare, millisecondsPer } from './facts.ts';
import type { Fact } from './facts.ts';
import { delayShare, gapOf, isFar } from './gaps.ts';
import { shareOf } from './picture.ts';
import type { Edge, Picture } from './picture.ts';

/** Where a walk from what hurts came to an end, and on which way it got to each entity. Keys are those of entities. */
export interface Walk {
  /** Entities whose trouble nothing below them explains, or arises in them all the same; deepest first. */
  readonly ends: readonly Entity[];
  /** From the start to the entity, both included; absent for an entity that the walk did not reach. */
  readonly pathTo: ReadonlyMap<string, readonly Entity[]>;
}

/**
 * Walks from where it hurts down caller → callee: a callee is followed when it deviates itself and accounts for a quarter of what its caller suffers.
 * Without a graph every entity in trouble is an end. Cycles are walked once. Source: the explain-away walk of our notes; differs in that shares are
 * taken of times and error ratios, and that what a blocked caller measures does not count.
 */
export function explainAway(picture: Picture): Walk {
  const pathTo = new Map<string, readonly Entity[]>();
  const ends: Entity[] = [];
  const visit = (entity: Entity, path: readonly Entity[]): void => {
    pathTo.set(entityKey(entity), path);
    let isExplained = false;
    for (const edge of picture.edgesFrom(entity)) {
      if (!explains(picture, edge)) continue;
      isExplained = true;
      if (!pathTo.has(entityKey(edge.to))) visit(edge.to, [...path, edge.to]);
    }
    if (!isExplained || arises(picture, entity)) ends.push(entity);
  };
  for (const start of startsOf(picture)) {
    if (!pathTo.has(entityKey(start))) visit(start, [start]);
  }
  return { ends, pathTo };
}

function arises(picture: Picture, entity: Entity): boolean {
  return Object.keys(arisingIn(picture, entity)).length > 0;
}

/** Tells whether what happens at the far end of an edge accounts for what its near end suffers. */
export function explains(picture: Picture, edge: Edge): boolean {
  if (isSeenBehind(picture, edge)) return false;
  return picture.speaksForItself(edge.to)
    ? explainsAsService(picture, edge)
    : explainsAsSeen(picture, edge);
}

/** Hosts that only pass requests on, by the names that clouds and proxies give them. */
const relays =
  /\.elb\.amazonaws\.com|(?:^|[-_.])(?:load-?balancer|ingress|haproxy|envoy)(?:$|[-_.])/i;

/** Whether an entity only passes requests on, so that what is wrong with it is most often wrong with what stands behind it. */
export function isRelay({ name }: Entity): boolean {
  return relays.test(name);
}

/** Whether an edge leads to a load balancer while one that its caller also calls shows the same trouble: then that one is what stands behind it. */
function isSeenBehind(picture: Picture, { from, to }: Edge): boolean {
  if (!isRelay(to)) return false;
  const seen = picture.troubles(to, 'duration', 'error-ratio');
  return picture.edgesFrom(from).some(({ to: other }) => {
    if (isRelay(other)) return false;
    return seen.some((whole) => {
      const part = picture.trouble(other, whole.aspect);
      return part !== undefined && shareOf(part, whole) >= leastShare;
    });
  });
}

function explainsAsSeen(picture: Picture, edge: Edge): boolean {
  const { from, to, slower, failing } = edge;
  // Where nobody measured the calls, what the platform says of the callee has to do.
  if (picture.trouble(to, 'condition', 'restarts') !== undefined) return true;
  const slows =
    slower !== undefined &&
    !isBlocked(picture, edge) &&
    shareOf(slower, picture.trouble(from, 'duration')) >= leastShare;
  const fails =
    failing !== undefined &&
    !isImpatient(picture, edge) &&
    shareOf(failing, picture.trouble(from, 'error-ratio')) >= leastShare;
  return slows || fails;
}

function explainsAsService(picture: Picture, edge: Edge): boolean {
  const { from, to } = edge;
  const time = picture.trouble(to, 'duration', 'self-time');
  const waits = picture.trouble(from, 'duration') ?? edge.slower;
  const isAboutTime = !isAboutFailing(picture, from);
  if (
    isAboutTime &&
    time !== undefined &&
    waits !== undefined &&
    delayShare(picture, edge, time, waits) >= leastShare &&
    !isByBursts(picture, from, time)
  )
    return true;
  if (isAboutTime && isFar(picture, edge, waits)) return true;
  const errors = picture.trouble(to, 'error-ratio', 'own-error');
  const fails = picture.trouble(from, 'error-ratio') ?? edge.failing;
  if (errors !== undefined && fails !== undefined && failedShare(errors, fails) >= leastShare)
    return true;
  // A callee that leaves something out hands less back, and its caller may leave out more.
  const omission = picture.trouble(to, 'omission', 'log-new', 'log-rate');
  if (omission !== undefined && picture.trouble(from, 'omission') !== undefined) return true;
  if (
    omission !== undefined &&
    fails !== undefined &&
    arisingIn(picture, from).errors === undefined
  ) {
    return true;
  }
  // While a callee starts again nobody reaches it, and it serves nothing that could show it.
  if (picture.trouble(to, 'restarts') !== undefined && edge.failing !== undefined) return true;
  // A callee that is too busy to begin looks healthy to itself and slow to its callers.
  if (runtimeOf(picture, to) !== undefined && edge.slower !== undefined)
    return !isBlocked(picture, edge);
  // Callers that wait for a slow callee until they give up fail without being slow.
  if (time === undefined || fails === undefined) return false;
  return (isAboutTime || isLong(time)) && arisingIn(picture, from).errors === undefined;
}

/** Whether it is failing that hurts, by what the alert watches, and the entity does fail: that something takes longer does not explain it then. */
function isAboutFailing({ brief, trouble }: Picture, entity: Entity): boolean {
  const watched = alertedAspects(brief.alert.symptom);
  return watched.includes('error-ratio') && trouble(entity, 'error-ratio') !== undefined;
}

/** Nobody gives up sooner. */
const patienceMs = 1_000;

function isLong({ unit, after }: Fact): boolean {
  return after * (millisecondsPer(unit) ?? 0) >= patienceMs;
}

/** What part of a caller's failed requests a callee's make up, by their number: all of two are less than a tenth of a thousand. A share and a count cannot be held against each other. */
function failedShare(errors: Fact, fails: Fact): number {
  if (isShare(errors) !== isShare(fails)) return 1;
  if (!isShare(errors)) return shareOf(errors, fails);
  const failed = Math.abs(deltaOf(errors)) * errors.support;
  const all = Math.abs(deltaOf(fails)) * fails.support;
  return all > 0 ? failed / all : shareOf(errors, fails);
}

function suffers(picture: Picture, entity: Entity): boolean {
  const aspects = [
    'error-ratio',
    'own-error',
    'duration',
    'self-time',
    'omission',
    'condition',
  ] as const;
  return picture.trouble(entity, ...aspects) !== undefined;
}

/** Whether calls of an entity fail or take longer, also where that is not clear yet from its own requests. */
function waitsForAny(picture: Picture, entity: Entity): boolean {
  return picture
    .edgesFrom(entity)
    .some((edge) => (edge.failing ?? edge.slower ?? gapOf(picture, edge)) !== undefined);
}

function startsOf(picture: Picture): readonly Entity[] {
  const { entity } = picture.brief;
  const suffering = picture.entities.filter((one) => suffers(picture, one));
  if (!picture.hasGraph) return suffering;
  if (entity !== null && (suffers(picture, entity) || waitsForAny(picture, entity)))
    return [entity];
  const outermost = suffering.filter((one) =>
    picture
      .edgesTo(one)
      .every(({ from }) => entityKey(from) === entityKey(one) || !suffers(picture, from)),
  );
  return outermost.length > 0 ? outermost : suffering;
}
