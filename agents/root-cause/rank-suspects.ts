import type { Entity } from '../../core/schemas/primitives.ts';
import { arisingIn, isBlocked, isImpatient } from '../shared/arising.ts';
import { presenceOf } from '../shared/coverage.ts';
import { compareTexts, entityKey } from '../shared/entity-key.ts';
import type { Walk } from '../shared/explain-away.ts';
import type { Fact } from '../shared/facts.ts';
import type { Picture } from '../shared/picture.ts';
import { callersDoing } from './callers-doing.ts';
import type { CallersDoing } from './callers-doing.ts';

/** The ways in which an entity can be singled out; each is a detector of its own in the fusion. */
export type Detector =
  | 'errors'
  | 'elimination'
  | 'time'
  | 'runtime'
  | 'memory'
  | 'disk'
  | 'restarts'
  | 'connections'
  | 'peer-time'
  | 'peer-errors'
  | 'traffic'
  | 'logs'
  | 'metrics'
  | 'symptom';

export interface Signal {
  readonly detector: Detector;
  readonly fact: Fact;
}

/** An entity that could be the cause. `score` is the fused margin, weighed by where the walk found it; `strength` its furthest single shift. */
export interface Suspect {
  readonly entity: Entity;
  readonly signals: readonly Signal[];
  readonly score: number;
  readonly strength: number;
  readonly place: 'end' | 'on-the-way' | 'aside';
  /** The change of the caller by which calls fail or wait, if that is what makes this entity a suspect. */
  readonly doing: CallersDoing | null;
  /** Users ask for so much more that it explains what is busy or slow behind this entity. */
  readonly isSurging: boolean;
}

/** How far each detector is to be believed when it alone speaks: those that show where trouble arises fully, the others less. */
const weights: Readonly<Record<Detector, number>> = {
  errors: 1,
  elimination: 0.6,
  time: 1,
  runtime: 1,
  memory: 1,
  disk: 1,
  restarts: 1,
  connections: 0.8,
  'peer-time': 1,
  'peer-errors': 1,
  traffic: 0.5,
  logs: 0.5,
  metrics: 0.4,
  symptom: 0.3,
};
const places: Readonly<Record<Suspect['place'], number>> = {
  end: 1,
  'on-the-way': 0.35,
  aside: 0.5,
};
/** What more requests alone bring about, here or in whatever is behind it. */
const byLoad: ReadonlySet<Detector> = new Set<Detector>([
  'time',
  'runtime',
  'memory',
  'connections',
  'peer-time',
  'traffic',
  'metrics',
  'symptom',
]);
const surgeFactor = 1.5;
const calm = 1.5;
const loudest = 30;

/**
 * Ranks every entity that stands out. Margin fusion: a detector speaks for an entity only as loudly as it singles it out among the others, and
 * the loudest counts; then what the walk has explained by something else, or has not come across, counts less. Source: section 3.5 of our notes on
 * fusion; differs in the weights by detector and by place.
 */
export function rankSuspects(picture: Picture, walk: Walk): Suspect[] {
  const doings = picture.entities.flatMap((entity) => callersDoing(picture, entity));
  const surging = surgingEntity(picture, walk);
  const found = picture.entities.map((entity) => ({
    entity,
    doing: doings.find(({ caller }) => entityKey(caller) === entityKey(entity)) ?? null,
    signals: signalsOf(picture, walk, entity, doings),
  }));
  const loudness = new Map<Detector, number[]>();
  for (const { signals } of found) {
    for (const { detector, fact } of signals) {
      loudness.set(detector, [...(loudness.get(detector) ?? []), loudnessOf(fact)]);
    }
  }
  return found
    .filter(({ signals }) => signals.length > 0)
    .map(({ entity, signals, doing }): Suspect => {
      const isSurging = surging !== null && entityKey(surging) === entityKey(entity);
      const isLoaded = surging !== null && signals.every(({ detector }) => byLoad.has(detector));
      const place = isSurging
        ? 'end'
        : isLoaded
          ? 'on-the-way'
          : doing === null
            ? placeOf(picture, walk, entity, doings)
            : 'end';
      const margins = signals.map(({ detector, fact }) =>
        marginOf(
          loudnessOf(fact),
          loudness.get(detector) ?? [],
          isSurging && detector === 'traffic' ? 1 : weights[detector],
        ),
      );
      const strength = Math.max(...signals.map(({ fact }) => loudnessOf(fact)));
      const fused = Math.max(...margins) + 0.05 * Math.log1p(strength);
      return { entity, signals, doing, place, strength, isSurging, score: fused * places[place] };
    })
    .sort(
      (one, other) =>
        other.score - one.score || compareTexts(entityKey(one.entity), entityKey(other.entity)),
    );
}

/** Where users come in and ask for at least half as much again as before; null when they do not. */
function surgingEntity(picture: Picture, walk: Walk): Entity | null {
  const starts = [...walk.pathTo.values()].flatMap((path) => (path.length === 1 ? path : []));
  const surging = starts.find((entity) => {
    const fact = picture.trouble(entity, 'traffic');
    return fact?.direction === 'up' && fact.after >= fact.before * surgeFactor;
  });
  return surging ?? null;
}

function loudnessOf(fact: Fact): number {
  return Math.min(loudest, fact.score);
}

function marginOf(own: number, all: readonly number[], weight: number): number {
  const sorted = [...all].sort((one, other) => other - one);
  const other = sorted[0] === own ? (sorted[1] ?? 0) : (sorted[0] ?? 0);
  return (weight * (own + calm)) / (other + calm);
}

function placeOf(
  picture: Picture,
  walk: Walk,
  entity: Entity,
  doings: readonly CallersDoing[],
): Suspect['place'] {
  const key = entityKey(entity);
  if (doings.some(({ callee }) => entityKey(callee) === key)) return 'on-the-way';
  if (walk.ends.some((end) => entityKey(end) === key)) return 'end';
  if (walk.pathTo.has(key)) return 'on-the-way';
  return picture.hasGraph && walk.ends.length > 0 ? 'aside' : 'end';
}

function signalsOf(
  picture: Picture,
  walk: Walk,
  entity: Entity,
  doings: readonly CallersDoing[],
): readonly Signal[] {
  const { errors, time, runtime } = arisingIn(picture, entity);
  const doing = doings.find(({ caller }) => entityKey(caller) === entityKey(entity));
  const surge = picture.trouble(entity, 'traffic');
  const seen: readonly (readonly [Detector, Fact | undefined])[] = [
    ['errors', errors ?? doing?.fact],
    ['elimination', byElimination(picture, walk, entity)],
    ['time', time],
    ['runtime', runtime],
    ['memory', picture.trouble(entity, 'memory')],
    ['disk', picture.trouble(entity, 'disk')],
    ['restarts', picture.trouble(entity, 'restarts')],
    ['connections', picture.trouble(entity, 'connections')],
    ...peerSignals(picture, entity),
    ['traffic', surge?.direction === 'up' ? surge : undefined],
    ['logs', picture.trouble(entity, 'log-new', 'log-rate')],
    ['metrics', picture.trouble(entity, 'other-metric')],
    ['symptom', picture.trouble(entity, 'error-ratio', 'duration')],
  ];
  return seen.flatMap(([detector, fact]) => (fact === undefined ? [] : [{ detector, fact }]));
}

/**
 * Errors of an entity at which the walk ended although its calls go well: without traces to show where errors arise, what is left is that they arise
 * there.
 */
function byElimination(picture: Picture, walk: Walk, entity: Entity): Fact | undefined {
  if (presenceOf(picture.brief, 'traces') === 'present' || !picture.hasGraph) return undefined;
  if (!walk.ends.some((end) => entityKey(end) === entityKey(entity))) return undefined;
  const isClear = picture.edgesFrom(entity).every(({ failing, slower }) => !failing && !slower);
  return isClear ? picture.trouble(entity, 'error-ratio') : undefined;
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
