import { median } from '../../core/analysis/quantiles.ts';
import type { Entity } from '../../core/schemas/primitives.ts';
import { isBlocked, leastShare, runtimeOf } from './arising.ts';
import { entityKey } from './entity-key.ts';
import type { Fact } from './facts.ts';
import { shareOf } from './picture.ts';
import type { Edge, Picture } from './picture.ts';

/**
 * What part of a caller's delay a callee's makes up: by the statistics that both have in common, since a mean is no part of a percentile, or by the clearest percentile of either, since calls
 * that few requests make lie beyond a higher one for the caller. By the facts given where nothing is alike.
 */
export function delayShare(picture: Picture, { from, to }: Edge, time: Fact, waits: Fact): number {
  const [parts, wholes] = [picture.troubles(to, 'duration'), picture.troubles(from, 'duration')];
  const alike = parts.flatMap((part) => {
    const whole = wholes.find(({ name }) => name === part.name);
    return whole === undefined ? [] : [shareOf(part, whole)];
  });
  if (alike.length === 0) return shareOf(time, waits);
  const [part, whole] = [parts.find(isPercentile), wholes.find(isPercentile)];
  const ofTails = part === undefined || whole === undefined ? 0 : shareOf(part, whole);
  return Math.max(median(alike), ofTails);
}

const isPercentile = ({ name }: Fact): boolean => /(?:^|\s)p\d/i.test(name);

/**
 * What calls over an edge take longer than the callee itself does: measured call by call in traces, else a caller that waits while the callee, which reports
 * for itself, is as fast as before. Undefined where caller or callee is too busy to measure, the caller had just started again, or it waits for a connection of
 * its own.
 */
export function gapOf(picture: Picture, edge: Edge): Fact | undefined {
  const { from, to, gap, slower } = edge;
  if (!picture.speaksForItself(to) || isBlocked(picture, edge)) return undefined;
  if (runtimeOf(picture, to) !== undefined) return undefined;
  if (picture.trouble(from, 'connections') !== undefined) return undefined;
  const measured = gap ?? slower;
  if (measured === undefined || isOfCaller(picture, from, measured)) return undefined;
  if (gap !== undefined) return gap;
  const time = picture.trouble(to, 'duration', 'self-time');
  if (slower === undefined) return undefined;
  const isExplained = time !== undefined && delayShare(picture, edge, time, slower) >= leastShare;
  return isExplained ? undefined : slower;
}

/**
 * Whether a caller gets to its answers late itself, clearly more than before or not, or had started again, after which its first calls connect anew and run
 * cold: what it waits is then no measure of the way. What it waited for before it started again is one.
 */
function isOfCaller({ facts, trouble }: Picture, caller: Entity, gap: Fact): boolean {
  const restarts = trouble(caller, 'restarts');
  if (restarts !== undefined && !isEarlier(gap, restarts)) return true;
  return facts.all.some((fact) => {
    const isItsLoop = fact.aspect === 'event-loop' && entityKey(fact.entity) === entityKey(caller);
    return isItsLoop && fact.direction === 'up' && shareOf(fact, gap) >= leastShare;
  });
}

/** Whether one began clearly before the other; not where either is undated. */
function isEarlier({ onset: one }: Fact, { onset: other }: Fact): boolean {
  return one !== undefined && other !== undefined && one.latestAt < other.earliestAt;
}

/**
 * Whether all that an entity calls seems further away than before, and it calls several or is itself far from those that call it: then the way from the
 * entity is slow, unless all the others failed at once.
 */
function isFarFromAll(picture: Picture, entity: Entity): boolean {
  const isGap = (edge: Edge): boolean => gapOf(picture, edge) !== undefined;
  const edges = picture.edgesFrom(entity).filter(({ to }) => picture.speaksForItself(to));
  if (edges.length === 0 || !edges.every(isGap)) return false;
  return edges.length >= 2 || picture.edgesTo(entity).some(isGap);
}

/** How many calls go over edges; one over each where nobody counted them. */
function callsOver({ dependency }: Picture, edges: readonly Edge[]): number {
  return edges.reduce((sum, { from, to }) => sum + (dependency(from, to)?.calls ?? 1), 0);
}

/**
 * The gap that shows that the way to an entity is slow: most of those that call it, or those that make most of the calls, see one, and do not see the same of all else that they call; or, for an
 * entity that nobody calls so, all that it calls seems further away.
 */
export function distanceOf(picture: Picture, entity: Entity): Fact | undefined {
  const callers = picture
    .edgesTo(entity)
    .filter(({ from }) => entityKey(from) !== entityKey(entity));
  const judging = callers.filter(({ from }) => !isFarFromAll(picture, from));
  const [incoming] = judging
    .flatMap((edge) => gapOf(picture, edge) ?? [])
    .sort((one, other) => other.score - one.score);
  const seeing = judging.filter((edge) => gapOf(picture, edge) !== undefined);
  const isSeenByMost = seeing.length * 2 >= judging.length;
  const isMetByMost = callsOver(picture, seeing) * 2 >= callsOver(picture, judging);
  if (incoming !== undefined && (isSeenByMost || isMetByMost)) return incoming;
  if (!isFarFromAll(picture, entity)) return undefined;
  const outgoing = picture.edgesFrom(entity).flatMap((edge) => gapOf(picture, edge) ?? []);
  return [...outgoing].sort((one, other) => other.score - one.score)[0];
}

/** Tells whether the way to a callee is what a caller waits for, at least for a quarter of what it waits. */
export function isFar(picture: Picture, edge: Edge, waits: Fact | undefined): boolean {
  const gap = gapOf(picture, edge);
  if (gap === undefined || shareOf(gap, waits) < leastShare) return false;
  return distanceOf(picture, edge.to) !== undefined;
}
