import type { Entity, Onset } from '../../core/schemas/primitives.ts';
import { isSaturated, leastShare, ownAspects } from '../shared/arising.ts';
import { millisecondsPer } from '../shared/facts.ts';
import type { Fact } from '../shared/facts.ts';
import { onsetOf, shareOf, troublesOf } from '../shared/picture.ts';
import type { Picture } from '../shared/picture.ts';
import { isStatedReason } from '../shared/stated-fault.ts';
import { bestChange } from './fit-changes.ts';
import type { ChangeFit } from './fit-changes.ts';
import { nameChangedFault, nameOwnFault } from './name-fault.ts';
import type { NamedFault } from './name-fault.ts';
import type { Suspect } from './rank-suspects.ts';
import type { Detector, Signal } from './signals.ts';

/** What a suspect is charged with: the kind of fault, how it works, and the change that brought it about, if one did. */
export interface Charge extends NamedFault {
  readonly suspect: Suspect;
  readonly entity: Entity;
  readonly fit: ChangeFit | null;
  readonly since: Onset | undefined;
  /** The facts that carry it, strongest first. */
  readonly facts: readonly Fact[];
}

/** Detectors in the order in which they say what a fault is; those further down only speak when none above does. */
const telling: readonly Detector[] = [
  'retries',
  'conditions',
  'errors',
  'omissions',
  'restarts',
  'runtime',
  'time',
  'distance',
  'peer-time',
  'peer-errors',
  'disk',
  'memory',
  'connections',
  'elimination',
  'traffic',
  'logs',
  'metrics',
  'alerts',
  'symptom',
];
/** Kinds of trouble that a change of the entity itself can bring about. */
const changeable: ReadonlySet<Detector> = new Set<Detector>([
  'conditions',
  'errors',
  'elimination',
  'omissions',
  'time',
  'runtime',
  'memory',
  'restarts',
  'connections',
  'retries',
]);

/**
 * Classifies a suspect by what it does itself: errors that arise in it are a bad change when one of it fits, else a defect; a busy processor is
 * saturation; an entity known only by its callers is slow or out. A suspect that merely suffers is charged with nothing known. `given` is the change that did it,
 * where that is known otherwise.
 */
export function bringCharge(
  picture: Picture,
  suspect: Suspect,
  given: ChangeFit | null = null,
): Charge {
  const { entity, doing, signals } = suspect;
  const main = mainSignal(picture, suspect);
  const fit =
    given ?? doing?.fit ?? (changeable.has(main.detector) ? bestChange(picture, entity) : null);
  const part =
    fit === null ? nameOwnFault(picture, suspect, main) : nameChangedFault(suspect, fit, main.fact);
  const facts = [main.fact, ...signals.map(({ fact }) => fact)];
  facts.push(...otherVoices(picture, entity, facts));
  return {
    suspect,
    entity,
    ...part,
    fit,
    since: sinceWhen(picture, entity),
    facts: [...new Set(facts)],
  };
}

/** When a cause began: no later than what users felt of it, where its own interval leaves that open. */
function sinceWhen({ brief, ...picture }: Picture, entity: Entity): Onset | undefined {
  const own = onsetOf({ brief, ...picture }, entity);
  if (!brief.symptomatic) return own;
  if (own === undefined) return brief.suspected;
  const latestAt = Math.min(own.latestAt, brief.suspected.latestAt);
  return latestAt < own.earliestAt ? own : { earliestAt: own.earliestAt, latestAt };
}

/** What kinds of telemetry that have not spoken yet say of the entity itself: the strongest of each. */
function otherVoices(picture: Picture, entity: Entity, facts: readonly Fact[]): Fact[] {
  const heard = new Set(facts.map(({ voice }) => voice));
  return troublesOf(picture, entity).filter(({ voice, aspect, peer }) => {
    const isOwn = ownAspects.has(aspect) || aspect.startsWith('log-') || peer !== undefined;
    if (heard.has(voice) || !isOwn) return false;
    heard.add(voice);
    return true;
  });
}

/** The most telling signal that is loud or stands by itself: what an entity does says more than what it suffers. */
function mainSignal(picture: Picture, suspect: Suspect): Signal {
  const { signals } = suspect;
  const [first] = signals
    .filter((signal) => isLoud(signal, signals))
    .sort((one, other) => telling.indexOf(one.detector) - telling.indexOf(other.detector));
  const find = (wanted: Detector) => signals.find(({ detector }) => detector === wanted);
  const [runtime, errors, memory] = [find('runtime'), find('errors'), find('memory')];
  const traffic = find('traffic');
  if (traffic !== undefined && isOverrun(suspect, traffic, { errors, runtime })) return traffic;
  // What restarts and whose memory grows has run out of memory.
  if (find('restarts') !== undefined && memory !== undefined) return memory;
  const connections = find('connections');
  if (connections !== undefined && isStarved(picture, suspect, connections, runtime)) {
    return connections;
  }
  if (errors !== undefined && runtime !== undefined && isByBusy(errors, runtime)) return runtime;
  if (first === undefined) throw new RangeError('a suspect has at least one signal');
  return first;
}

/**
 * Whether a signal is at least half as loud as the loudest. A platform's reason is always: how often it was said is no measure of what comes of it. A processor
 * at its limit is held against all but delays: its usage cannot rise further, while the delays that it causes can.
 */
function isLoud({ detector, fact }: Signal, signals: readonly Signal[]): boolean {
  if (isStatedReason(fact)) return true;
  const isAtLimit = detector === 'runtime' && isSaturated(fact);
  const others = isAtLimit ? signals.filter((one) => !isDelay(one)) : signals;
  return fact.score >= Math.max(...others.map((one) => one.fact.score)) / 2;
}

const isDelay = ({ fact }: Signal): boolean => millisecondsPer(fact.unit) !== null;

/** From this many times the usual traffic on, what fails was most likely turned away: a defect brings no users. */
const overrunFactor = 3;

function isOverrun(
  { isSurging }: Suspect,
  traffic: Signal,
  {
    errors,
    runtime,
  }: { readonly errors: Signal | undefined; readonly runtime: Signal | undefined },
): boolean {
  if (!isSurging) return false;
  const { before, after } = traffic.fact;
  return errors === undefined || isByBusy(errors, runtime) || after >= overrunFactor * before;
}

/** A busy entity also fails now and then; one that fails is not made busy by it. */
function isByBusy(errors: Signal, runtime: Signal | undefined): boolean {
  return runtime !== undefined && runtime.fact.score > 2 * errors.fact.score;
}

const waitingWords = ['pending', 'wait', 'queued', 'acquire'];

/**
 * Tells whether requests of a suspect wait for a connection although its databases answer as before: then the pool is what ran out, and errors and delays
 * follow from it. A process that is too busy makes waiters too, but not as many.
 */
function isStarved(
  picture: Picture,
  { entity }: Suspect,
  connections: Signal,
  runtime: Signal | undefined,
): boolean {
  const { name, score } = connections.fact;
  if (!waitingWords.some((word) => name.toLowerCase().includes(word))) return false;
  if (runtime !== undefined && runtime.fact.score > score) return false;
  const wait = picture.trouble(entity, 'self-time', 'duration');
  return !picture.edgesFrom(entity).some(({ to, slower }) => {
    const isSlow = slower !== undefined && shareOf(slower, wait) >= leastShare;
    return to.kind === 'database' && isSlow;
  });
}

/** Detectors that only say that an entity suffers, not that its trouble arises there. */
const suffering: ReadonlySet<Detector> = new Set<Detector>([
  'symptom',
  'metrics',
  'alerts',
  'traffic',
]);

/** Tells whether a charge says more than that the entity suffers: its trouble arises there, or many more requests came. */
export function isSubstantial(charge: Charge): boolean {
  return (
    charge.faultKind === 'traffic-surge' ||
    charge.fit?.kind === 'fits' ||
    charge.suspect.signals.some(({ detector }) => !suffering.has(detector))
  );
}
