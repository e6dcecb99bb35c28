import type { Aspect } from '../../core/schemas/digest.ts';
import type { Entity, Onset } from '../../core/schemas/primitives.ts';
import { ownAspects } from '../shared/arising.ts';
import { isTrouble } from '../shared/facts.ts';
import type { CitedChange, Fact } from '../shared/facts.ts';
import { onsetOf } from '../shared/picture.ts';
import type { Picture } from '../shared/picture.ts';
import { formatLag, timeChange } from '../shared/timing.ts';
import { describeFact } from '../shared/wording.ts';

/** How a change of an entity stands to the trouble that arises there. `untested` fits in time, but nobody has compared right before and after. */
export interface ChangeFit {
  readonly change: CitedChange;
  readonly kind: 'fits' | 'untested' | 'ruled-out';
  readonly because: string;
  readonly closeness: number;
  /** What shifted right after the change, in aspects that a change of the entity itself can shift. */
  readonly effect: Fact | null;
}

/** From this closeness on a change is near enough to what it is said to have caused. */
const leastCloseness = 0.5;

/** Tells whether a change is one of this entity, by its name or by what its paths and deploys reach. */
export function isChangeOf({ service, match }: CitedChange, entity: Entity): boolean {
  if (entity.kind === 'external') return false;
  return service === entity.name || (match?.services.includes(entity.name) ?? false);
}

const leastMatch = 0.5;
const leastMatchLead = 1.1;

/** The change whose diff accounts for the symptoms clearly better than that of any other; null when none does, or nobody has read them. */
export function leadingMatch({ facts }: Picture): CitedChange | null {
  const scoreOf = ({ match }: CitedChange): number => match?.score ?? 0;
  const [first, second] = facts.changes.toSorted((one, other) => scoreOf(other) - scoreOf(one));
  if (first === undefined || scoreOf(first) < leastMatch) return null;
  const lead = second === undefined ? Infinity : scoreOf(first) / Math.max(scoreOf(second), 1e-9);
  return lead >= leastMatchLead ? first : null;
}

/**
 * Holds a change of an entity against the trouble that arises there: it must come before, near enough, and the entity must differ between right before
 * and right after it. `aspects` are those in which an effect counts besides the entity's own. Nearness alone never makes it fit.
 */
export function fitChange(
  picture: Picture,
  change: CitedChange,
  entity: Entity,
  aspects: readonly Aspect[] = [],
): ChangeFit {
  const onset: Onset = onsetOf(picture, entity) ?? picture.brief.suspected;
  const timing = timeChange(change.at, onset);
  const { closeness } = timing;
  const effect =
    change.effects?.find(
      (fact) => isTrouble(fact) && (ownAspects.has(fact.aspect) || aspects.includes(fact.aspect)),
    ) ?? null;
  const ruled = (because: string): ChangeFit => ({
    change,
    kind: 'ruled-out',
    because,
    closeness,
    effect,
  });
  if (timing.kind === 'after') return ruled('It was made when the trouble had already begun.');
  if (change.effects !== null && effect === null) {
    const other = change.effects.find(isTrouble);
    return ruled(
      other === undefined
        ? `Compared right before and right after it, ${entity.name} went on as before.`
        : `What differs right after it does not arise in ${entity.name} itself: ${describeFact(other)}.`,
    );
  }
  if (effect === null && picture.facts.changes.some(({ match }) => match !== undefined)) {
    return byMatch(picture, change);
  }
  if (timing.kind === 'long-before' || closeness < leastCloseness) {
    return ruled(
      `It was made ${formatLag(timing.lagMs)} before the trouble began, too long before it.`,
    );
  }
  if (effect === null) {
    const because = 'It fits in time; its effect could not be looked at.';
    return { change, kind: 'untested', because, closeness, effect };
  }
  return {
    change,
    kind: 'fits',
    because: `Right after it: ${describeFact(effect)}.`,
    closeness,
    effect,
  };
}

/** Where the diffs of changes have been read, nearness in time is no reason: a change fits when it accounts for the symptoms. */
function byMatch(picture: Picture, change: CitedChange): ChangeFit {
  const because = change.match?.because ?? 'Nothing shows that it leads to what is seen.';
  const isLeading = leadingMatch(picture)?.id === change.id;
  const kind = isLeading ? 'fits' : 'ruled-out';
  return { change, kind, because, closeness: 1, effect: null };
}

/** Gives the change of an entity that fits best: a tested one before an untested one, then the nearest, then the latest. */
export function bestChange(
  picture: Picture,
  entity: Entity,
  aspects: readonly Aspect[] = [],
): ChangeFit | null {
  const fits = picture.facts.changes
    .filter((change) => isChangeOf(change, entity))
    .map((change) => fitChange(picture, change, entity, aspects))
    .filter(({ kind }) => kind !== 'ruled-out')
    .sort(
      (one, other) =>
        Number(other.kind === 'fits') - Number(one.kind === 'fits') ||
        other.closeness - one.closeness ||
        other.change.at - one.change.at ||
        (one.change.id < other.change.id ? -1 : 1),
    );
  return fits[0] ?? null;
}
