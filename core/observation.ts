import type { Shift } from './analysis/shift.ts';
import type { Aspect, Observation } from './schemas/digest.ts';
import type { Entity, Onset } from './schemas/primitives.ts';

const maxNameLength = 120;
const maxUnitLength = 24;
const significant = 4;

/** Rounds to four significant digits, which is more than any of our measurements holds; what is not finite becomes 0. */
export function rounded(value: number): number {
  return Number.isFinite(value) ? Number(value.toPrecision(significant)) : 0;
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
    entity: what.entity,
    ...(peer === undefined || peer === null ? {} : { peer }),
    aspect: what.aspect,
    name: what.name.slice(0, maxNameLength),
    direction: shift.direction,
    before: rounded(shift.before),
    after: rounded(shift.after),
    unit: what.unit.slice(0, maxUnitLength),
    score: Number.isFinite(shift.score) ? Math.max(0, Number(shift.score.toFixed(2))) : 0,
    support: Math.max(0, Math.round(Number.isFinite(shift.support) ? shift.support : 0)),
    ...(onset === undefined || onset === null
      ? {}
      : {
          onset: { earliestAt: Math.floor(onset.earliestAt), latestAt: Math.ceil(onset.latestAt) },
        }),
  };
}
