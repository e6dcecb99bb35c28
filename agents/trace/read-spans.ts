import type { Entity } from '../../core/schemas/primitives.ts';
import { arisingIn, isBlocked, isImpatient } from '../shared/arising.ts';
import { entityKey, nameEntity } from '../shared/entity-key.ts';
import { explainAway } from '../shared/explain-away.ts';
import { isTrouble } from '../shared/facts.ts';
import type { Fact } from '../shared/facts.ts';
import { createPicture, onsetOf } from '../shared/picture.ts';
import type { Edge, Picture } from '../shared/picture.ts';
import type { Seen } from '../shared/specialist.ts';
import type { Suspicion } from '../shared/suspicion.ts';
import { describeFact } from '../shared/wording.ts';

const deepTool = 'inspect-spans';

/**
 * Reads what traces say: services in which errors arise or time is spent, callees that are slow or failing as their callers see them, and services that
 * suffer without anything below them explaining it. What the wide look suggested and the deep one explains otherwise is kept as refuted.
 */
export function suspectSpans(seen: Seen): Suspicion[] {
  const full = createPicture(seen.brief, seen);
  const wide = createPicture(seen.brief, {
    ...seen,
    all: seen.all.filter(({ tool }) => tool !== deepTool),
  });
  const standing = [
    ...arisingSuspicions(seen, full),
    ...peerSuspicions(full),
    ...openEnds(seen, full),
  ];
  const kept = new Set(standing.map(keyOf));
  const refuted = [...arisingSuspicions(seen, wide), ...openEnds(seen, wide)]
    .filter((one) => !kept.has(keyOf(one)))
    .filter(({ entity }) => seen.hasInspected(deepTool, entity.name))
    .map((one): Suspicion => refute(full, one));
  return [...standing, ...refuted];
}

function keyOf({ entity, faultKind }: Suspicion): string {
  return `${faultKind} ${entityKey(entity)}`;
}

function refute(picture: Picture, suspicion: Suspicion): Suspicion {
  const below = picture
    .edgesFrom(suspicion.entity)
    .flatMap(({ slower, failing }) => slower ?? failing ?? []);
  const [first] = below;
  const because =
    first === undefined
      ? `The spans of ${nameEntity(suspicion.entity)} do not show it.`
      : `A closer look shows it in a call: ${describeFact(first)}.`;
  return { ...suspicion, state: 'refuted', speaksAgainst: below.slice(0, 3), because };
}

function arisingSuspicions(seen: Seen, picture: Picture): Suspicion[] {
  return picture.entities.flatMap((entity) => {
    const { errors, time } = arisingIn(picture, entity);
    const name = nameEntity(entity);
    return [
      ...(errors === undefined
        ? []
        : [testedHere(seen, entity, errors, 'code-defect', `Errors arise in ${name} itself`)]),
      ...(time === undefined
        ? []
        : [testedHere(seen, entity, time, 'cpu-saturation', `${name} takes longer in itself`)]),
    ];
  });
}

function testedHere(
  seen: Seen,
  entity: Entity,
  fact: Fact,
  faultKind: 'code-defect' | 'cpu-saturation',
  what: string,
): Suspicion {
  const isInspected = seen.hasInspected(deepTool, entity.name);
  const deep = seen.all.filter(
    (one) =>
      one.tool === deepTool &&
      entityKey(one.entity) === entityKey(entity) &&
      one.peer === undefined,
  );
  const sameAspect = deep.filter(({ aspect }) => aspect === fact.aspect);
  const isContradicted = isInspected && sameAspect.length > 0 && !sameAspect.some(isTrouble);
  return {
    entity,
    faultKind,
    mechanism: `${what}: ${describeFact(fact)}.`,
    state: isContradicted ? 'refuted' : isInspected ? 'supported' : 'open',
    score: fact.score,
    onset: fact.onset,
    speaksFor: [fact],
    speaksAgainst: isContradicted ? sameAspect : [],
    because: isContradicted ? `No operation of ${nameEntity(entity)} shows it.` : '',
  };
}

/** Entities that do not speak for themselves: their callers were looked at closely, so what is seen of them has been tested. */
function peerSuspicions(picture: Picture): Suspicion[] {
  return picture.entities
    .filter((entity) => !picture.speaksForItself(entity))
    .flatMap((entity) => picture.edgesTo(entity).flatMap((edge) => peerSuspicion(picture, edge)));
}

function peerSuspicion(picture: Picture, edge: Edge): Suspicion[] {
  const { to, slower, failing } = edge;
  const name = nameEntity(to);
  const common = { entity: to, onset: onsetOf(picture, to) };
  const slow: Suspicion[] =
    slower === undefined || isBlocked(picture, edge)
      ? []
      : [
          {
            ...common,
            faultKind: 'slow-dependency',
            mechanism: `${name} answers slowly: ${describeFact(slower)}.`,
            state: slower.tool === deepTool ? 'supported' : 'open',
            score: slower.score,
            speaksFor: [slower],
          },
        ];
  const out: Suspicion[] =
    failing === undefined || isImpatient(picture, edge)
      ? []
      : [
          {
            ...common,
            faultKind: 'dependency-outage',
            mechanism: `Calls to ${name} fail: ${describeFact(failing)}.`,
            state: failing.tool === deepTool ? 'supported' : 'open',
            score: failing.score,
            speaksFor: [failing],
          },
        ];
  return [...slow, ...out];
}

/** Services at which the walk ends without having found where the trouble arises. */
function openEnds(seen: Seen, picture: Picture): Suspicion[] {
  return explainAway(picture).ends.flatMap((entity) => {
    const fact = picture.trouble(entity, 'duration', 'error-ratio');
    const { errors, time } = arisingIn(picture, entity);
    if (fact === undefined || errors !== undefined || time !== undefined) return [];
    const isInspected = seen.hasInspected(deepTool, entity.name);
    return [
      {
        entity,
        faultKind: 'unknown',
        mechanism: `${nameEntity(entity)} suffers, and nothing that it calls explains it so far: ${describeFact(fact)}.`,
        state: 'open',
        score: fact.score,
        onset: fact.onset,
        speaksFor: [fact],
        because: isInspected ? 'Its own spans do not show where it arises.' : '',
      },
    ];
  });
}
