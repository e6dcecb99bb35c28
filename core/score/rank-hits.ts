import type { Entity } from '../schemas/primitives.ts';

export interface Ranked {
  readonly entity: Entity;
  readonly score: number;
}

export interface RankHits {
  /** The chance that a right entity is among the first 1, 2, 3, 4 and 5: 0 or 1 but for ties. */
  readonly hits: readonly number[];
  /** The expected place of the first right entity, from 1; null when none is ranked. */
  readonly place: number | null;
}

const places = [1, 2, 3, 4, 5] as const;

/**
 * Says how far up a ranking, best first, the first right entity stands. Neighbours with the same score are tied, and count with the expected value of their
 * order being drawn by chance: an order that nobody meant earns nothing. An entity that is ranked twice counts where it first stands.
 */
export function rankHits(
  ranking: readonly Ranked[],
  isRight: (entity: Entity) => boolean,
): RankHits {
  let before = 0;
  for (const tied of tiesOf(distinct(ranking))) {
    const right = tied.filter(({ entity }) => isRight(entity)).length;
    if (right > 0) {
      const above = before;
      return {
        hits: places.map((k) => chanceOfHit(tied.length, right, k - above)),
        place: above + (tied.length + 1) / (right + 1),
      };
    }
    before += tied.length;
  }
  return { hits: places.map(() => 0), place: null };
}

/** Leaves out every later mention of an entity. */
export function distinct(ranking: readonly Ranked[]): readonly Ranked[] {
  const byEntity = new Map<string, Ranked>();
  for (const one of ranking) {
    const key = JSON.stringify([one.entity.kind, one.entity.name]);
    if (!byEntity.has(key)) byEntity.set(key, one);
  }
  return [...byEntity.values()];
}

function tiesOf(ranking: readonly Ranked[]): readonly (readonly Ranked[])[] {
  const ties: Ranked[][] = [];
  for (const one of ranking) {
    const last = ties.at(-1);
    if (last?.[0]?.score === one.score) last.push(one);
    else ties.push([one]);
  }
  return ties;
}

/** The chance that one of `right` among `all` is drawn in `draws` draws without replacement. */
function chanceOfHit(all: number, right: number, draws: number): number {
  let missRatio = 1;
  for (let drawn = 0; drawn < Math.min(draws, all); drawn += 1) {
    missRatio *= Math.max(0, all - right - drawn) / (all - drawn);
  }
  return 1 - missRatio;
}
