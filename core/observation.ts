import type { Shift } from './analysis/shift.ts';
import type { Aspect, Observation } from './schemas/digest.ts';
import type { Entity, Onset } from './schemas/primitives.ts';

const maxNameLength = 120;
const maxUnitLength = 24;
const maxEntityLength = 200;
const significant = 4;

/** Rounds to four significant digits, which is more than any of our measurements holds; what is not finite becomes 0. */
export function rounded(value: number): number {
  const short = Number(value.toPrecision(significant));
  return Number.isFinite(short) ? short : 0;
}

/** Rounds a score to two decimals, the same wherever it is told; what is below 0 or not finite becomes 0. */
export function roundedScore(score: number): number {
  return Number.isFinite(score) ? Math.max(0, Number(score.toFixed(2))) : 0;
}

const wholeCount = (count: number): number =>
  Number.isFinite(count) ? Math.min(Math.max(0, Math.round(count)), Number.MAX_SAFE_INTEGER) : 0;

/** Makes an entity fit for a digest: a name from outside may be empty or longer than the 200 characters allowed. */
export function entityOf({ kind, name }: Entity): Entity {
  return { kind, name: name === '' ? 'unknown' : name.slice(0, maxEntityLength) };
}

/** Writes a shift down as an observation: names and units cut to their limits, numbers rounded, the onset in whole milliseconds. */
export function observationOf(what: {
  readonly entity: Entity;
  readonly peer?: Entity | null;
  readonly aspect: Aspect;
  readonly name: string;
  readonly unit: string;
  readonly shift: Shift;
  readonly onset?: Onset | null;
}): Observation {
  const { shift, peer, onset } = what;
  return {
    entity: entityOf(what.entity),
    ...(peer === undefined || peer === null ? {} : { peer: entityOf(peer) }),
    aspect: what.aspect,
    name: what.name.slice(0, maxNameLength),
    direction: shift.direction,
    before: rounded(shift.before),
    after: rounded(shift.after),
    unit: what.unit.slice(0, maxUnitLength),
    score: roundedScore(shift.score),
    support: wholeCount(shift.support),
    ...(onset === undefined || onset === null
      ? {}
      : {
          onset: { earliestAt: Math.floor(onset.earliestAt), latestAt: Math.ceil(onset.latestAt) },
        }),
  };
}
