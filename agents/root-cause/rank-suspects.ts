import { alertedAspects } from '../../core/analysis/metrics/alerted-metric.ts';
import { compareTexts } from '../../core/compare-texts.ts';
import type { Aspect } from '../../core/schemas/digest.ts';
import type { Entity } from '../../core/schemas/primitives.ts';
import { entityKey } from '../shared/entity-key.ts';
import { isRelay } from '../shared/explain-away.ts';
import type { Walk } from '../shared/explain-away.ts';
import type { Fact } from '../shared/facts.ts';
import type { Picture } from '../shared/picture.ts';
import { callersDoing } from './callers-doing.ts';
import type { CallersDoing } from './callers-doing.ts';
import { signalsOf, stormsFrom } from './signals.ts';
import type { Detector, Signal } from './signals.ts';

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
  conditions: 1,
  errors: 1,
  elimination: 0.6,
  omissions: 0.8,
  time: 1,
  distance: 1,
  runtime: 1,
  memory: 1,
  disk: 1,
  restarts: 1,
  connections: 0.8,
  'peer-time': 1,
  'peer-errors': 1,
  traffic: 0.5,
  retries: 1,
  logs: 0.5,
  metrics: 0.15,
  alerts: 0.4,
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
  'distance',
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
  const storms = picture.entities.flatMap((entity) => stormsFrom(picture, entity));
  const surging = surgingEntity(picture, walk);
  const found = picture.entities.map((entity) => {
    const signals = signalsOf(picture, walk, entity, doings);
    const doing = doings.find(({ caller }) => isSame(caller, entity)) ?? null;
    return { entity, doing, signals, isEchoing: echoes(picture, entity, signals) };
  });
  const loudness = new Map<Detector, number[]>();
  for (const { signals } of found.filter(({ isEchoing }) => !isEchoing)) {
    for (const { detector, fact } of signals) {
      loudness.set(detector, [...(loudness.get(detector) ?? []), loudnessOf(fact)]);
    }
  }
  return found
    .filter(({ entity, signals }) => signals.length > 0 && mayBeNamed(picture, entity))
    .map(({ entity, signals, doing, isEchoing }): Suspect => {
      const isSurging = surging !== null && isSame(surging, entity);
      const margins = signals.map(({ detector, fact }) => {
        const weight = isSurging && detector === 'traffic' ? 1 : weights[detector];
        const own = loudnessOf(fact);
        const others = [
          ...(isEchoing ? [own] : []),
          ...(loudness.get(detector) ?? []),
          backgroundOf(picture, entity, detector),
        ];
        return weight * marginOf(own, others);
      });
      const isLoaded = surging !== null && signals.every(({ detector }) => byLoad.has(detector));
      const isStormed = storms.some(({ to }) => isSame(to, entity));
      const isVictim =
        isLoaded || isStormed || isEchoing || doings.some(({ callee }) => isSame(callee, entity));
      const isStorming = storms.some(({ from }) => isSame(from, entity));
      const isMaker = isSurging || isStorming || doing !== null;
      const place = isMaker ? 'end' : isVictim ? 'on-the-way' : placeOf(picture, walk, entity);
      const strength = Math.max(...signals.map(({ fact }) => loudnessOf(fact)));
      const fused = Math.max(...margins) + 0.05 * Math.log1p(strength);
      const [start] = walk.pathTo.get(entityKey(entity)) ?? [];
      const isKin = isOfKind(picture, signals) || (start !== undefined && fails(picture, start));
      const doubt = (isKin ? 1 : otherKind) * (isRelay(entity) ? passesOn : 1);
      const score = fused * places[place] * doubt;
      return { entity, signals, doing, place, strength, isSurging, score };
    })
    .sort(
      (one, other) =>
        other.score - one.score || compareTexts(entityKey(one.entity), entityKey(other.entity)),
    );
}

const aspectsOf: Readonly<Partial<Record<Detector, readonly Aspect[]>>> = {
  errors: ['own-error'],
  time: ['self-time'],
  runtime: ['cpu', 'event-loop'],
  memory: ['memory'],
  disk: ['disk'],
  connections: ['connections'],
};

/** How loud the loudest other entity is in what a detector listens to, also below what counts as trouble: where all are a little slow, one says little. */
function backgroundOf({ facts }: Picture, entity: Entity, detector: Detector): number {
  const aspects = aspectsOf[detector] ?? [];
  const other = facts.all.find(
    (fact) =>
      fact.peer === undefined &&
      fact.direction === 'up' &&
      aspects.includes(fact.aspect) &&
      !isSame(fact.entity, entity),
  );
  return other === undefined ? 0 : loudnessOf(other);
}

/** Whether a case that says what may be named as the cause names this; a pod or its service may stand under another kind. */
function mayBeNamed({ brief }: Picture, { name }: Entity): boolean {
  return brief.candidates === undefined || brief.candidates.some((one) => one.name === name);
}

function isSame(one: Entity, other: Entity): boolean {
  return entityKey(one) === entityKey(other);
}

/** What a service shows that only passes on what went wrong in one that it calls. */
const passedOn: ReadonlySet<Detector> = new Set<Detector>(['logs', 'omissions', 'symptom']);

/** Whether all that an entity shows is lines and things left undone while one that it calls writes unusual lines too: it tells of somebody else's trouble. */
function echoes(picture: Picture, entity: Entity, signals: readonly Signal[]): boolean {
  return (
    signals.every(({ detector }) => passedOn.has(detector)) &&
    picture
      .edgesFrom(entity)
      .some(({ to }) => !isSame(to, entity) && picture.trouble(to, 'log-new', 'log-rate'))
  );
}

/** What makes requests late or many; that alone fails none. */
const aboutTime: ReadonlySet<Aspect> = new Set<Aspect>([
  'duration',
  'self-time',
  'edge-duration',
  'edge-gap',
  'traffic',
  'edge-traffic',
  'other-metric',
]);
const otherKind = 0.4;
/** What is wrong with something that only passes requests on is most often wrong behind it. */
const passesOn = 0.2;

function fails(picture: Picture, entity: Entity): boolean {
  return picture.trouble(entity, 'error-ratio', 'own-error') !== undefined;
}

/** Whether an entity shows anything of the kind that the alert watches: of one about failures, more than delays and traffic. */
function isOfKind({ brief }: Picture, signals: readonly Signal[]): boolean {
  const isAboutFailing = alertedAspects(brief.alert.symptom).includes('error-ratio');
  return !isAboutFailing || signals.some(({ fact }) => !aboutTime.has(fact.aspect));
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

/** By how much a detector singles an entity out: its loudness against that of the loudest other one. */
function marginOf(own: number, all: readonly number[]): number {
  const sorted = [...all].sort((one, other) => other - one);
  const other = sorted[0] === own ? (sorted[1] ?? 0) : (sorted[0] ?? 0);
  return (own + calm) / (other + calm);
}

function placeOf(picture: Picture, walk: Walk, entity: Entity): Suspect['place'] {
  if (walk.ends.some((end) => isSame(end, entity))) return 'end';
  if (walk.pathTo.has(entityKey(entity))) return 'on-the-way';
  return picture.hasGraph && walk.ends.length > 0 ? 'aside' : 'end';
}
