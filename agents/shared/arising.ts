import type { Aspect } from '../../core/schemas/digest.ts';
import type { Entity } from '../../core/schemas/primitives.ts';
import { deltaOf, isOfSlowest, millisecondsPer } from './facts.ts';
import type { Fact } from './facts.ts';
import { shareOf } from './picture.ts';
import type { Edge, Picture } from './picture.ts';

/** Aspects that speak of an entity itself and not of what it calls. */
export const ownAspects: ReadonlySet<Aspect> = new Set<Aspect>([
  'own-error',
  'self-time',
  'omission',
  'cpu',
  'event-loop',
  'memory',
  'disk',
  'restarts',
  'condition',
]);

/** The least part of a caller's shift that a callee, or an entity's own part, must account for to explain it. */
export const leastShare = 0.25;

/** What of an entity's trouble arises in it; each part is absent where it does not. */
export interface Arising {
  /** Errors that arise in the entity. */
  readonly errors?: Fact;
  /** Time spent in the entity. */
  readonly time?: Fact;
  /** Its processor or event loop is busy. */
  readonly runtime?: Fact;
}

const busyRatio = 0.2;
const busyMs = 20;

/** The strongest sign that an entity's processor or event loop is busy, where that is large enough to matter to requests; one at its limit before others. */
export function runtimeOf(picture: Picture, entity: Entity): Fact | undefined {
  return [picture.trouble(entity, 'cpu'), picture.trouble(entity, 'event-loop')]
    .flatMap((fact) => (fact !== undefined && isBusy(fact) ? [fact] : []))
    .sort(
      (one, other) =>
        Number(isSaturated(other)) - Number(isSaturated(one)) || other.score - one.score,
    )[0];
}

function isBusy(fact: Fact): boolean {
  if (millisecondsPer(fact.unit) !== null && fact.aspect === 'event-loop') {
    return deltaOf(fact) >= busyMs;
  }
  const scale = sharesPer(fact.unit);
  return scale === null || deltaOf(fact) * scale >= busyRatio;
}

/** Shares of the whole in a unit of such; null for any other unit. */
function sharesPer(unit: string): number | null {
  return unit === '1' ? 1 : unit === '%' ? 0.01 : null;
}

/** Says what arises in an entity: an own part counts from a quarter of what its requests suffer. */
export function arisingIn(picture: Picture, entity: Entity): Arising {
  const errors = picture.trouble(entity, 'own-error');
  const [shared] = [...commonDelay(picture, entity)].sort((one, other) => other.score - one.score);
  const time = picture.trouble(entity, 'self-time') ?? shared;
  const runtime = runtimeOf(picture, entity);
  const ownsErrors =
    errors !== undefined && shareOf(errors, picture.trouble(entity, 'error-ratio')) >= leastShare;
  const ownsTime =
    time !== undefined && shareOf(time, picture.trouble(entity, 'duration')) >= leastShare;
  return {
    ...(ownsErrors ? { errors } : {}),
    ...(ownsTime ? { time } : {}),
    ...(runtime === undefined ? {} : { runtime }),
  };
}

/** How far apart the delays of several callees may be to have one cause, as a factor. */
const alikeFactor = 2;

/**
 * Gives the calls that show that a caller itself, or what all its calls go through, is slow: every callee known only by it takes longer at once and by
 * much the same time. Two or more of them would have to have failed together otherwise. Empty when that is not so.
 */
export function commonDelay(picture: Picture, caller: Entity): readonly Fact[] {
  const edges = picture.edgesFrom(caller).filter(({ to }) => !picture.speaksForItself(to));
  const later = edges.flatMap((edge) => edge.later ?? []);
  const isClear = edges.some(({ slower }) => slower !== undefined);
  if (later.length < 2 || later.length < edges.length || !isClear) return [];
  // That some calls are late as a rule and others now and then has no one cause.
  if (later.some(isOfSlowest) && !later.every(isOfSlowest)) return [];
  const delays = later.map((fact) => Math.abs(deltaOf(fact)));
  return Math.max(...delays) <= alikeFactor * Math.min(...delays) ? later : [];
}

/**
 * Tells whether a caller is itself so slow that what it measures of a call says nothing about the callee: a blocked event loop, a busy processor or
 * time spent in itself that accounts for a quarter of what the call seems to take longer, or the same delay in all its calls.
 */
export function isBlocked(picture: Picture, edge: Edge): boolean {
  const { from, to, slower } = edge;
  if (slower === undefined) return false;
  if (!picture.speaksForItself(to) && commonDelay(picture, from).length > 0) return true;
  const longerMs = Math.abs(deltaOf(slower));
  const delays = [picture.trouble(from, 'self-time'), picture.trouble(from, 'event-loop')];
  const delayMs = Math.max(
    0,
    ...delays.map((fact) =>
      fact === undefined || millisecondsPer(fact.unit) === null ? 0 : deltaOf(fact),
    ),
  );
  if (delayMs >= longerMs * leastShare && delayMs > 0) return true;
  const usage = [picture.trouble(from, 'cpu'), picture.trouble(from, 'event-loop')];
  return usage.some((fact) => fact !== undefined && isSaturated(fact));
}

/** Tells whether a share of a processor or event loop rose to where requests queue for it. */
export function isSaturated(fact: Fact): boolean {
  const scale = sharesPer(fact.unit);
  return scale !== null && fact.after * scale >= 0.7 && deltaOf(fact) * scale >= 0.3;
}

/**
 * Tells whether a callee may take longer only because of its caller: one whose processor is at its limit holds requests up, sends on many at once, and they wait
 * their turn at the callee. Not where the callee takes longer by more than the caller holds them up.
 */
export function isByBursts({ troubles }: Picture, caller: Entity, time: Fact): boolean {
  if (![...troubles(caller, 'cpu', 'event-loop')].some(isSaturated)) return false;
  const heldUpMs = troubles(caller, 'event-loop').map((fact) =>
    millisecondsPer(fact.unit) === null ? 0 : deltaOf(fact),
  );
  return millisecondsPer(time.unit) !== null && Math.max(0, ...heldUpMs) >= deltaOf(time);
}

/** Tells whether a caller's failed calls are its own doing: it gives up on answers that come as they always did. */
export function isImpatient(picture: Picture, edge: Edge): boolean {
  const { from, failing, slower } = edge;
  if (failing === undefined || slower !== undefined) return false;
  const own = picture.trouble(from, 'own-error');
  return (
    own !== undefined &&
    shareOf(failing, own) >= leastShare &&
    arisingIn(picture, from).errors === own
  );
}
