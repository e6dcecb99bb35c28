import type { FaultKind } from '../../core/schemas/fault-kind.ts';
import { faultOfChange, nameChange } from '../shared/change-words.ts';
import { presenceOf } from '../shared/coverage.ts';
import { entityKey, nameEntity } from '../shared/entity-key.ts';
import type { Fact } from '../shared/facts.ts';
import { faultOfMessage } from '../shared/message-hints.ts';
import type { Picture } from '../shared/picture.ts';
import { capitalised, describeFact, quote } from '../shared/wording.ts';
import type { ChangeFit } from './fit-changes.ts';
import type { Suspect } from './rank-suspects.ts';
import type { Detector, Signal } from './signals.ts';

/** A fault in words: its kind on the closed list, a finer label, and how it works. */
export interface NamedFault {
  readonly faultKind: FaultKind;
  readonly faultDetail: string;
  readonly mechanism: string;
}

/** Names the fault when a change of the suspect brought it about. */
export function nameChangedFault(suspect: Suspect, fit: ChangeFit, fact: Fact): NamedFault {
  const { change } = fit;
  const name = nameEntity(suspect.entity);
  const { doing } = suspect;
  const settings =
    change.touches.length === 0
      ? ''
      : ` (${change.touches.map((one) => quote(one, 60)).join(', ')})`;
  const isRead = fit.effect === null && change.match !== undefined;
  const consequence =
    doing === null
      ? `with it ${name} went wrong: ${describeFact(fact)}.`
      : `since then its calls to ${nameEntity(doing.callee)} fail or wait, though ${nameEntity(doing.callee)} is as before: ${describeFact(fact)}.`;
  const took = `${capitalised(nameChange(change))} took effect${settings}`;
  return {
    faultKind: faultOfChange(change),
    faultDetail: `${change.kind}: ${[...change.touches, detailOf(fact)]
      .filter((one) => one !== '')
      .slice(0, 3)
      .join(', ')}`,
    mechanism: isRead
      ? `${took}. ${fit.because} ${capitalised(consequence)}`
      : `${took}; ${consequence}`,
  };
}

/** Names the fault by what the suspect does itself, when no change explains it. */
export function nameOwnFault(
  picture: Picture,
  suspect: Suspect,
  { detector, fact }: Signal,
): NamedFault {
  const name = nameEntity(suspect.entity);
  const said = describeFact(fact);
  const detail = detailOf(fact);
  switch (detector) {
    case 'conditions':
      return {
        faultKind: fact.faultKind ?? 'unknown',
        faultDetail: detail,
        mechanism: `${sayerOf(name, fact)}: ${said}.`,
      };
    case 'elimination':
      return leftOver(name, fact, said, detail);
    case 'omissions':
      return {
        faultKind: 'code-defect',
        faultDetail: `missing ${detail}`,
        mechanism: `${name} leaves out what it did before, and no change of it explains that: ${said}.`,
      };
    case 'errors':
      return arisingErrors(name, said, detail);
    case 'runtime':
      return {
        faultKind: 'cpu-saturation',
        faultDetail: detail,
        mechanism: `${name} is too busy to serve in time: ${said}.`,
      };
    case 'time':
      return busyWithItself(picture, suspect, said, detail);
    case 'distance':
    case 'peer-time':
    case 'peer-errors':
      return asCallersSee(name, detector, said, detail);
    case 'retries':
      return asksTooOften(picture, suspect, fact);
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
      return ofResource(name, detector, said, detail);
  }
}

function asCallersSee(
  name: string,
  detector: 'distance' | 'peer-time' | 'peer-errors',
  said: string,
  detail: string,
): NamedFault {
  switch (detector) {
    case 'distance':
      return {
        faultKind: 'network-delay',
        faultDetail: `the way to ${detail}`,
        mechanism: `The way to ${name} is slow, more than ${name} itself is: ${said}.`,
      };
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
  }
}

/** Whoever says what is wrong: the platform, a gauge, or the program itself. */
function sayerOf(name: string, { voice }: Fact): string {
  if (voice === 'logs') return `${name} itself says what is wrong with it`;
  if (voice === 'metrics') return `${name} has used up what it has`;
  return `The platform itself says what is wrong with ${name}`;
}

function arisingErrors(name: string, said: string, detail: string): NamedFault {
  return {
    faultKind: 'code-defect',
    faultDetail: `errors in ${detail}`,
    mechanism: `Errors arise in ${name} itself, and no change of it explains them: ${said}.`,
  };
}

/** What nothing else explains: the words claim no more than that. */
function leftOver(name: string, fact: Fact, said: string, detail: string): NamedFault {
  const isSlow = fact.aspect === 'duration';
  return {
    faultKind: isSlow ? 'unknown' : 'code-defect',
    faultDetail: `${isSlow ? 'time' : 'errors'} in ${detail}`,
    mechanism: `Requests to ${name} ${isSlow ? 'take longer' : 'fail'}, and nothing that was measured of what it calls explains it: ${said}.`,
  };
}

/** Calls that fail are sent again; ones that go well are too many by the caller's own making, as of a loop around a query. */
function asksTooOften(picture: Picture, { entity }: Suspect, fact: Fact): NamedFault {
  const name = nameEntity(entity);
  const callee = fact.peer ?? entity;
  const edge = picture.edgesFrom(entity).find(({ to }) => entityKey(to) === entityKey(callee));
  const isFailing =
    edge?.failing !== undefined ||
    picture.trouble(callee, 'error-ratio', 'own-error') !== undefined;
  return {
    faultKind: isFailing ? 'retry-storm' : 'code-defect',
    faultDetail: `calls to ${nameEntity(callee)}`,
    mechanism: isFailing
      ? `${name} sends its failed calls again and again, more than what it calls can take: ${describeFact(fact)}.`
      : `${name} calls ${nameEntity(callee)} far more often for each request than before: ${describeFact(fact)}.`,
  };
}

function busyWithItself(
  picture: Picture,
  suspect: Suspect,
  said: string,
  detail: string,
): NamedFault {
  const name = nameEntity(suspect.entity);
  return {
    // Time spent in a service itself is most often its processor; metrics that are there and calm say otherwise.
    faultKind: presenceOf(picture.brief, 'metrics') === 'present' ? 'unknown' : 'cpu-saturation',
    faultDetail: `time in ${detail}`,
    mechanism: `${name} takes longer in itself, not in what it calls: ${said}.`,
  };
}

function ofResource(name: string, detector: Detector, said: string, detail: string): NamedFault {
  switch (detector) {
    case 'memory':
      return {
        faultKind: 'memory-exhaustion',
        faultDetail: detail,
        mechanism: `${name} is short of memory: ${said}.`,
      };
    case 'disk':
      return {
        faultKind: 'disk-full',
        faultDetail: detail,
        mechanism: `${name} is short of disk: ${said}.`,
      };
    case 'connections':
      return {
        faultKind: 'connection-exhaustion',
        faultDetail: detail,
        mechanism: `${name} is short of connections: ${said}.`,
      };
    case 'restarts':
      return {
        faultKind: 'restart',
        faultDetail: detail,
        mechanism: `${name} started again: ${said}.`,
      };
    default:
      return { faultKind: 'unknown', faultDetail: detail, mechanism: `${capitalised(said)}.` };
  }
}

function detailOf(fact: Fact): string {
  return fact.name === '' || fact.name === fact.aspect ? fact.aspect : quote(fact.name, 80);
}
