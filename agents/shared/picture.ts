import { compareTexts } from '../../core/compare-texts.ts';
import { alertedAspects } from '../../core/analysis/metrics/alerted-metric.ts';
import type { Brief } from '../../core/schemas/brief.ts';
import type { Aspect } from '../../core/schemas/digest.ts';
import type { Entity, Onset } from '../../core/schemas/primitives.ts';
import { entityKey } from './entity-key.ts';
import { deltaOf, isHarmful, isOfSlowest, isTrouble, millisecondsPer } from './facts.ts';
import type { CitedDependency, Fact, Facts } from './facts.ts';
import { raiseSpokenFor } from './spoken-for.ts';

/** What a caller sees of one of its callees; absent parts did not shift clearly. */
export interface Edge {
  readonly from: Entity;
  readonly to: Entity;
  readonly slower?: Fact;
  /** Calls take longer, clearly or not, as a tool finds worth saying; told by the slowest calls only where nothing tells it of the others. */
  readonly later?: Fact;
  readonly failing?: Fact;
  readonly busier?: Fact;
  /** Calls take longer than the callee accounts for. */
  readonly gap?: Fact;
  /** The caller calls more often for each request that it serves. */
  readonly repeated?: Fact;
}

/** The squad's facts put in order: who calls whom, and what shifted where. */
export interface Picture {
  readonly brief: Brief;
  readonly facts: Facts;
  /** Every entity that a fact or dependency names, in the order of their keys. */
  readonly entities: readonly Entity[];
  readonly hasGraph: boolean;
  /** Whether a fact speaks of something that hurts. */
  readonly isTrouble: (fact: Fact) => boolean;
  /** Whether the entity speaks for itself; what does not is known only by what its callers see. */
  readonly speaksForItself: (entity: Entity) => boolean;
  /** The strongest trouble of an entity in one of the aspects. */
  readonly trouble: (entity: Entity, ...aspects: Aspect[]) => Fact | undefined;
  /** All of them, strongest first. */
  readonly troubles: (entity: Entity, ...aspects: Aspect[]) => readonly Fact[];
  readonly edgesFrom: (entity: Entity) => readonly Edge[];
  readonly edgesTo: (entity: Entity) => readonly Edge[];
  readonly dependency: (from: Entity, to: Entity) => CitedDependency | undefined;
}

/** How many lines a service writes says less than which; that is what the templates are for. */
const readsLines = 'read-log-lines';

/** Aspects of an entity itself that show that requests to it suffer. */
const suffering: readonly Aspect[] = ['error-ratio', 'own-error', 'duration', 'self-time'];

/** Puts facts in order. The same facts in any order give the same picture. */
export function createPicture(brief: Brief, collected: Facts): Picture {
  const raised = raiseSpokenFor(collected, brief.window);
  const facts = { ...collected, all: raised.filter(({ tool }) => tool !== readsLines) };
  const isTroubleHere = troubleOf(brief);
  const edges = readEdges(facts, isTroubleHere);
  const edgesFrom = groupBy(edges, ({ from }) => entityKey(from));
  const edgesTo = groupBy(edges, ({ to }) => entityKey(to));
  const troubles = groupBy(
    facts.all.filter((fact) => fact.peer === undefined && isTroubleHere(fact)),
    ({ entity }) => entityKey(entity),
  );
  const dependencies = new Map(facts.dependencies.map((one) => [edgeKey(one.from, one.to), one]));
  const speakers = speakersOf(brief, facts);
  return {
    brief,
    facts,
    entities: entitiesOf(facts),
    hasGraph: edges.length > 0,
    isTrouble: isTroubleHere,
    speaksForItself: (entity) => speakers.has(entityKey(entity)),
    trouble: (entity, ...aspects) =>
      troubles.get(entityKey(entity))?.find(({ aspect }) => aspects.includes(aspect)),
    troubles: (entity, ...aspects) =>
      (troubles.get(entityKey(entity)) ?? []).filter(({ aspect }) => aspects.includes(aspect)),
    edgesFrom: (entity) => edgesFrom.get(entityKey(entity)) ?? [],
    edgesTo: (entity) => edgesTo.get(entityKey(entity)) ?? [],
    dependency: (from, to) => dependencies.get(edgeKey(from, to)),
  };
}

/** The edge of what a baseline itself showed: from there on a shift is one. */
const edgeScore = 1;
/** What an alert of one kind is about in calls and in an entity itself. */
const kin: Readonly<Partial<Record<Aspect, readonly Aspect[]>>> = {
  'error-ratio': ['own-error', 'edge-error', 'omission'],
  duration: ['self-time', 'edge-duration', 'edge-gap'],
};

/**
 * Says what counts as trouble: what is clearly out; and of the kind that the alert watches already what is out at all, since a monitor has said that it
 * hurts, and only where it comes from is open.
 */
function troubleOf({ alert }: Brief): (fact: Fact) => boolean {
  const watched = alertedAspects(alert.symptom).flatMap((one) => [one, ...(kin[one] ?? [])]);
  return (fact) =>
    isTrouble(fact) ||
    (watched.includes(edgeAspectOf(fact)) && fact.score >= edgeScore && isHarmful(fact));
}

function groupBy<Item>(
  items: readonly Item[],
  keyOf: (item: Item) => string,
): ReadonlyMap<string, readonly Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return groups;
}

function entitiesOf(facts: Facts): readonly Entity[] {
  const entities = new Map<string, Entity>();
  const add = (entity: Entity | undefined): void => {
    if (entity !== undefined) entities.set(entityKey(entity), entity);
  };
  for (const { entity, peer } of facts.all) [entity, peer].forEach(add);
  for (const { from, to } of facts.dependencies) [from, to].forEach(add);
  return [...entities]
    .sort(([one], [other]) => compareTexts(one, other))
    .map(([, entity]) => entity);
}

function speakersOf(brief: Brief, facts: Facts): ReadonlySet<string> {
  const covered = brief.coverage.filter(({ kind }) => kind === 'traces' || kind === 'metrics');
  const named = covered.flatMap(({ services }) =>
    services.map((name): Entity => ({ kind: 'service', name })),
  );
  const served = facts.all
    .filter(({ aspect, peer, entity }) => {
      return peer === undefined && entity.kind === 'service' && suffering.includes(aspect);
    })
    .map(({ entity }) => entity);
  const callers = facts.dependencies.map(({ from }) => from);
  return new Set(
    [...named, ...served, ...callers].filter(({ kind }) => kind === 'service').map(entityKey),
  );
}

/** Metrics of a caller about one peer are edges too, whatever they are called. */
function edgeAspectOf(fact: Fact): Aspect {
  if (fact.peer === undefined || fact.aspect.startsWith('edge-')) return fact.aspect;
  if (fact.aspect === 'error-ratio') return 'edge-error';
  if (fact.aspect === 'traffic') return 'edge-traffic';
  return millisecondsPer(fact.unit) === null ? fact.aspect : 'edge-duration';
}

function readEdges(facts: Facts, isOut: (fact: Fact) => boolean): readonly Edge[] {
  const edges = new Map<string, Edge>();
  const at = (from: Entity, to: Entity): Edge => edges.get(edgeKey(from, to)) ?? { from, to };
  for (const { from, to } of facts.dependencies) edges.set(edgeKey(from, to), at(from, to));
  for (const fact of facts.all) {
    if (fact.peer === undefined) continue;
    const edge = at(fact.entity, fact.peer);
    edges.set(
      edgeKey(edge.from, edge.to),
      isOut(fact) ? withFact(edge, fact) : withHint(edge, fact),
    );
  }
  return [...edges].sort(([one], [other]) => compareTexts(one, other)).map(([, edge]) => edge);
}

function withHint(edge: Edge, fact: Fact): Edge {
  const isLater = edgeAspectOf(fact) === 'edge-duration' && fact.direction === 'up';
  return isLater && fact.score >= edgeScore ? withDelay(edge, fact) : edge;
}

function withDelay(edge: Edge, fact: Fact): Edge {
  const { later } = edge;
  const isBetter = later === undefined || (isOfSlowest(later) && !isOfSlowest(fact));
  return isBetter ? { ...edge, later: fact } : edge;
}

/** Facts come strongest first, so the first of a kind stays. */
function withFact(edge: Edge, fact: Fact): Edge {
  switch (edgeAspectOf(fact)) {
    case 'edge-duration':
      return fact.direction === 'up'
        ? { ...withDelay(edge, fact), slower: edge.slower ?? fact }
        : edge;
    case 'edge-error':
      return edge.failing === undefined ? { ...edge, failing: fact } : edge;
    case 'edge-traffic':
      return fact.direction === 'up' && edge.busier === undefined
        ? { ...edge, busier: fact }
        : edge;
    case 'edge-gap':
      return edge.gap === undefined ? { ...edge, gap: fact } : edge;
    case 'edge-fan-out':
      return edge.repeated === undefined ? { ...edge, repeated: fact } : edge;
    default:
      return edge;
  }
}

function edgeKey(from: Entity, to: Entity): string {
  return JSON.stringify([entityKey(from), entityKey(to)]);
}

/** Whether what the alert watches is out where the alert says, be it less than what would be noticed without one. */
export function supportsAlert({ brief, trouble }: Picture): boolean {
  const { alert, entity } = brief;
  return entity !== null && trouble(entity, ...alertedAspects(alert.symptom)) !== undefined;
}

/** How much of one shift another one can account for, in [0, 1]; 1 where the larger one cannot be measured. */
export function shareOf(part: Fact, whole: Fact | undefined): number {
  if (whole === undefined) return 1;
  const total = Math.abs(deltaOf(whole));
  return total > 0 ? Math.min(1, Math.abs(deltaOf(part)) / total) : 1;
}

/** The troubles that are about an entity, strongest first: its own, or what callers see of one that does not speak for itself. */
export function troublesOf(picture: Picture, entity: Entity): readonly Fact[] {
  const key = entityKey(entity);
  const isSpeaker = picture.speaksForItself(entity);
  return picture.facts.all.filter((fact) => {
    if (!picture.isTrouble(fact)) return false;
    if (fact.peer === undefined) return entityKey(fact.entity) === key;
    return !isSpeaker && entityKey(fact.peer) === key;
  });
}

/** When the trouble of an entity began: the narrowest interval that traces or metrics give for it, else what a log line dates. */
export function onsetOf(picture: Picture, entity: Entity): Onset | undefined {
  return datedTrouble(picture, entity)?.onset;
}

/** The trouble of an entity by which its beginning is dated. */
export function datedTrouble(
  picture: Picture,
  entity: Entity,
): (Fact & { readonly onset: Onset }) | undefined {
  const dated = troublesOf(picture, entity).flatMap((fact) => {
    const { onset } = fact;
    return onset === undefined ? [] : [{ ...fact, onset }];
  });
  const [best] = dated.sort(
    (one, other) =>
      Number(one.voice === 'logs') - Number(other.voice === 'logs') ||
      widthOf(one.onset) - widthOf(other.onset),
  );
  return best;
}

function widthOf({ earliestAt, latestAt }: Onset): number {
  return latestAt - earliestAt;
}
