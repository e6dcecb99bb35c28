import type { FaultKind } from '../../core/schemas/fault-kind.ts';
import type { Entity, Onset } from '../../core/schemas/primitives.ts';
import { ownAspects } from '../shared/arising.ts';
import { faultOfMessage } from '../shared/message-hints.ts';
import { faultOfChange, nameChange } from '../shared/change-words.ts';
import { presenceOf } from '../shared/coverage.ts';
import { nameEntity } from '../shared/entity-key.ts';
import type { Fact } from '../shared/facts.ts';
import { onsetOf, troublesOf } from '../shared/picture.ts';
import type { Picture } from '../shared/picture.ts';
import { capitalised, describeFact, quote } from '../shared/wording.ts';
import { bestChange } from './fit-changes.ts';
import type { ChangeFit } from './fit-changes.ts';
import type { Detector, Suspect } from './rank-suspects.ts';

/** What a suspect is charged with: the kind of fault, how it works, and the change that brought it about, if one did. */
export interface Charge {
  readonly suspect: Suspect;
  readonly entity: Entity;
  readonly faultKind: FaultKind;
  readonly faultDetail: string;
  readonly mechanism: string;
  readonly fit: ChangeFit | null;
  readonly since: Onset | undefined;
  /** The facts that carry it, strongest first. */
  readonly facts: readonly Fact[];
}

type Part = Pick<Charge, 'faultKind' | 'faultDetail' | 'mechanism'>;

/** Detectors in the order in which they say what a fault is; those further down only speak when none above does. */
const telling: readonly Detector[] = [
  'errors',
  'restarts',
  'runtime',
  'time',
  'peer-time',
  'peer-errors',
  'disk',
  'memory',
  'connections',
  'elimination',
  'traffic',
  'logs',
  'metrics',
  'symptom',
];
/** Kinds of trouble that a change of the entity itself can bring about. */
const changeable: ReadonlySet<Detector> = new Set<Detector>([
  'errors',
  'elimination',
  'time',
  'runtime',
  'memory',
  'restarts',
]);

/**
 * Classifies a suspect by what it does itself: errors that arise in it are a bad change when one of it fits, else a defect; a busy processor is
 * saturation; an entity known only by its callers is slow or out. A suspect that merely suffers is charged with nothing known.
 */
export function bringCharge(picture: Picture, suspect: Suspect): Charge {
  const { entity, doing, signals } = suspect;
  const main = mainSignal(suspect);
  const fit = doing?.fit ?? (changeable.has(main.detector) ? bestChange(picture, entity) : null);
  const part =
    fit === null ? withoutChange(picture, suspect, main) : withChange(suspect, fit, main.fact);
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

/** The most telling signal that is nearly as loud as the loudest: what an entity does says more than what it suffers. */
function mainSignal(suspect: Suspect): Suspect['signals'][number] {
  const { signals } = suspect;
  const [first] = [...signals].sort(
    (one, other) => telling.indexOf(one.detector) - telling.indexOf(other.detector),
  );
  const find = (wanted: Detector) => signals.find(({ detector }) => detector === wanted);
  const [runtime, errors, memory] = [find('runtime'), find('errors'), find('memory')];
  const traffic = suspect.isSurging && errors === undefined ? find('traffic') : undefined;
  if (traffic !== undefined) return traffic;
  // What restarts because its memory runs out has run out of memory.
  if (first?.detector === 'restarts' && memory !== undefined) return memory;
  // A busy entity also fails now and then; one that fails is not made busy by it.
  if (errors !== undefined && runtime !== undefined && runtime.fact.score > 2 * errors.fact.score) {
    return runtime;
  }
  if (first === undefined) throw new RangeError('a suspect has at least one signal');
  return first;
}

function withChange(suspect: Suspect, fit: ChangeFit, fact: Fact): Part {
  const { change } = fit;
  const name = nameEntity(suspect.entity);
  const { doing } = suspect;
  const settings =
    change.touches.length === 0
      ? ''
      : ` (${change.touches.map((one) => quote(one, 60)).join(', ')})`;
  const consequence =
    doing === null
      ? `with it ${name} went wrong: ${describeFact(fact)}.`
      : `since then its calls to ${nameEntity(doing.callee)} fail or wait, though ${nameEntity(doing.callee)} is as before: ${describeFact(fact)}.`;
  return {
    faultKind: faultOfChange(change),
    faultDetail: `${change.kind}: ${[...change.touches, detailOf(fact)]
      .filter((one) => one !== '')
      .slice(0, 3)
      .join(', ')}`,
    mechanism: `${capitalised(nameChange(change))} took effect${settings}; ${consequence}`,
  };
}

function withoutChange(
  picture: Picture,
  suspect: Suspect,
  { detector, fact }: Suspect['signals'][number],
): Part {
  const name = nameEntity(suspect.entity);
  const said = describeFact(fact);
  const detail = detailOf(fact);
  switch (detector) {
    case 'errors':
    case 'elimination':
      return {
        faultKind: 'code-defect',
        faultDetail: `errors in ${detail}`,
        mechanism: `Errors arise in ${name} itself, and no change of it explains them: ${said}.`,
      };
    case 'runtime':
      return {
        faultKind: 'cpu-saturation',
        faultDetail: detail,
        mechanism: `${name} is too busy to serve in time: ${said}.`,
      };
    case 'time':
      return busyWithItself(picture, suspect, said, detail);
    case 'peer-time':
      return {
        faultKind: 'slow-dependency',
        faultDetail: `slow ${detail}`,
        mechanism: `${name} answers slowly, and its callers wait for it: ${said}.`,
      };
    case 'peer-errors':
      return {
        faultKind: 'dependency-outage',
        faultDetail: `failing ${detail}`,
        mechanism: `${name} refuses or fails calls: ${said}.`,
      };
    case 'traffic':
      return {
        faultKind: 'traffic-surge',
        faultDetail: detail,
        mechanism: `${name} is asked far more often than before: ${said}.`,
      };
    case 'logs':
      return {
        faultKind: faultOfMessage(fact.name),
        faultDetail: `log ${quote(fact.name, 80)}`,
        mechanism: `The logs of ${name} speak of trouble: ${said}.`,
      };
    default:
      return { faultKind: resourceFault(detector), faultDetail: detail, mechanism: `${said}.` };
  }
}

function busyWithItself(picture: Picture, suspect: Suspect, said: string, detail: string): Part {
  const name = nameEntity(suspect.entity);
  return {
    // Time spent in a service itself is most often its processor; metrics that are there and calm say otherwise.
    faultKind: presenceOf(picture.brief, 'metrics') === 'present' ? 'unknown' : 'cpu-saturation',
    faultDetail: `time in ${detail}`,
    mechanism: `${name} takes longer in itself, not in what it calls: ${said}.`,
  };
}

function resourceFault(detector: Detector): FaultKind {
  switch (detector) {
    case 'memory':
      return 'memory-exhaustion';
    case 'disk':
      return 'disk-full';
    case 'connections':
      return 'connection-exhaustion';
    case 'restarts':
      return 'restart';
    default:
      return 'unknown';
  }
}

function detailOf(fact: Fact): string {
  return fact.name === '' || fact.name === fact.aspect ? fact.aspect : quote(fact.name, 80);
}

/** Detectors that only say that an entity suffers, not that its trouble arises there. */
const suffering: ReadonlySet<Detector> = new Set<Detector>(['symptom', 'metrics', 'traffic']);

/** Tells whether a charge says more than that the entity suffers: its trouble arises there, or many more requests came. */
export function isSubstantial(charge: Charge): boolean {
  return (
    charge.faultKind === 'traffic-surge' ||
    charge.suspect.signals.some(({ detector }) => !suffering.has(detector))
  );
}
