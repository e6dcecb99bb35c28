import type { Entity } from '../../core/schemas/primitives.ts';
import { arisingIn, isBlocked, isImpatient } from '../shared/arising.ts';
import { presenceOf } from '../shared/coverage.ts';
import { entityKey } from '../shared/entity-key.ts';
import type { Walk } from '../shared/explain-away.ts';
import type { Fact } from '../shared/facts.ts';
import { distanceOf } from '../shared/gaps.ts';
import type { Edge, Picture } from '../shared/picture.ts';
import { statedFault } from '../shared/stated-fault.ts';
import type { CallersDoing } from './callers-doing.ts';

/** The ways in which an entity can be singled out; each is a detector of its own in the fusion. */
export type Detector =
  | 'conditions'
  | 'errors'
  | 'elimination'
  | 'omissions'
  | 'time'
  | 'distance'
  | 'runtime'
  | 'memory'
  | 'disk'
  | 'restarts'
  | 'connections'
  | 'peer-time'
  | 'peer-errors'
  | 'traffic'
  | 'retries'
  | 'logs'
  | 'metrics'
  | 'alerts'
  | 'symptom';

export interface Signal {
  readonly detector: Detector;
  readonly fact: Fact;
}

/** Collects the ways in which an entity stands out, at most one fact a detector; empty for one that does not. */
export function signalsOf(
  picture: Picture,
  walk: Walk,
  entity: Entity,
  doings: readonly CallersDoing[],
): readonly Signal[] {
  const { errors, time, runtime } = arisingIn(picture, entity);
  const doing = doings.find(({ caller }) => entityKey(caller) === entityKey(entity));
  const surge = picture.trouble(entity, 'traffic');
  const seen: readonly (readonly [Detector, Fact | undefined])[] = [
    ['conditions', statedFault(picture, entity)],
    ['errors', errors ?? doing?.fact],
    ['elimination', byElimination(picture, walk, entity)],
    ['omissions', picture.trouble(entity, 'omission')],
    ['time', time],
    ['distance', distanceOf(picture, entity)],
    ['runtime', runtime],
    ['memory', shortage(picture, entity, 'memory')],
    ['disk', shortage(picture, entity, 'disk')],
    ['restarts', picture.trouble(entity, 'restarts')],
    ['connections', picture.trouble(entity, 'connections')],
    ...peerSignals(picture, entity),
    ['retries', stormsFrom(picture, entity)[0]?.repeated],
    ['traffic', surge?.direction === 'up' ? surge : undefined],
    ['logs', picture.trouble(entity, 'log-new', 'log-rate')],
    ['metrics', picture.trouble(entity, 'other-metric')],
    ['alerts', picture.trouble(entity, 'alert')],
    ['symptom', picture.trouble(entity, 'error-ratio', 'duration')],
  ];
  return seen.flatMap(([detector, fact]) => (fact === undefined ? [] : [{ detector, fact }]));
}

/** What is left below this share of a limit is not short. */
const scarceShare = 0.7;

/** The strongest sign that an entity runs out of something; one that uses less than seven tenths of its limit does not, however much that grew. */
function shortage(picture: Picture, entity: Entity, aspect: 'memory' | 'disk'): Fact | undefined {
  const found = picture.troubles(entity, aspect);
  const isPlenty = found.some(({ unit, after }) => {
    const share = unit === '1' ? after : unit === '%' ? after / 100 : null;
    return share !== null && share < scarceShare;
  });
  return isPlenty ? undefined : found[0];
}

/** No sensible client makes more attempts than this for what one attempt did before. */
const stormFactor = 5;

/**
 * The calls of an entity that are sent again and again: many times as many for each of its requests as before, furthest first. What they fail with is
 * then their own doing: no callee is made for it.
 */
export function stormsFrom(picture: Picture, entity: Entity): readonly Edge[] {
  return picture
    .edgesFrom(entity)
    .filter(({ repeated }) => {
      return (
        repeated !== undefined && repeated.after >= stormFactor * Math.max(repeated.before, 0.1)
      );
    })
    .sort((one, other) => (other.repeated?.score ?? 0) - (one.repeated?.score ?? 0));
}

/**
 * Errors or delays of an entity at which the walk ended although its calls go well: without traces to show where they arise, what is left is that they
 * arise there. A callee that the platform says is broken leaves the question open.
 */
function byElimination(picture: Picture, walk: Walk, entity: Entity): Fact | undefined {
  if (presenceOf(picture.brief, 'traces') === 'present' || !picture.hasGraph) return undefined;
  if (!walk.ends.some((end) => entityKey(end) === entityKey(entity))) return undefined;
  const isClear = picture.edgesFrom(entity).every((edge) => isClearlyWell(picture, edge));
  return isClear ? picture.trouble(entity, 'error-ratio', 'duration') : undefined;
}

function isClearlyWell(picture: Picture, { to, failing, slower }: Edge): boolean {
  const isBroken = picture.trouble(to, 'condition', 'restarts') !== undefined;
  return !failing && !slower && !isBroken;
}

/** What callers see of an entity that does not speak for itself, without what they may owe to themselves. */
function peerSignals(
  picture: Picture,
  entity: Entity,
): readonly (readonly [Detector, Fact | undefined])[] {
  if (picture.speaksForItself(entity)) return [];
  const edges = picture.edgesTo(entity);
  const strongest = (facts: readonly (Fact | undefined)[]): Fact | undefined =>
    facts.flatMap((fact) => fact ?? []).sort((one, other) => other.score - one.score)[0];
  return [
    [
      'peer-time',
      strongest(edges.map((edge) => (isBlocked(picture, edge) ? undefined : edge.slower))),
    ],
    [
      'peer-errors',
      strongest(edges.map((edge) => (isImpatient(picture, edge) ? undefined : edge.failing))),
    ],
  ];
}
