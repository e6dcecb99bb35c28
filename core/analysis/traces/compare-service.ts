import { compareDurations, durationFloorMs } from '../compare-durations.ts';
import { compareProportions, minSupport } from '../compare-proportions.ts';
import type { Proportion } from '../compare-proportions.ts';
import { compareRates, dispersionOf } from '../compare-rates.ts';
import { quantileOfSorted, sortedFinite } from '../quantiles.ts';
import { clearScore, standingOf } from '../shift.ts';
import type { Shift } from '../shift.ts';
import { hasLikeLoad } from '../split-window.ts';
import type { SplitWindow } from '../split-window.ts';
import { countInParts, isInside, secondsOf } from '../stretches.ts';
import { usualHistory } from '../usual-history.ts';
import type { CallFact, OperationFact } from './trace-facts.ts';

/** The aspects in which a service is compared by its traces. */
export type ServiceAspect = 'error-ratio' | 'own-error' | 'duration' | 'self-time' | 'traffic';

/** One aspect of a service or of one of its operations; `operation` null means all of them together. Durations are in milliseconds. */
export interface ServiceShift {
  readonly aspect: ServiceAspect;
  readonly operation: string | null;
  readonly unit: string;
  readonly shift: Shift;
}

/** Durations up to which a caller usually waited for a call that went well, by `callKey`. */
export type UsualWaits = ReadonlyMap<string, number>;

const usualShare = 0.95;
const parts = 18;
/** More than any score: what is clearly out goes before what is not. */
const veryLarge = 1e6;

/** Identifies what was called: caller, callee and operation. */
export function callKey(call: CallFact): string {
  return JSON.stringify([call.service, call.peer.kind, call.peer.name, call.operation]);
}

/** Learns from the calls of the baseline how long callers usually waited: the 95 % quantile, where at least ten calls went well. */
export function usualWaits(calls: readonly CallFact[], split: SplitWindow): UsualWaits {
  const durations = new Map<string, number[]>();
  for (const call of calls) {
    if (call.isError || !isInside(split.baseline, call.startAt)) continue;
    const key = callKey(call);
    const known = durations.get(key) ?? [];
    known.push(call.durationMs);
    durations.set(key, known);
  }
  const waits = new Map<string, number>();
  for (const [key, values] of durations) {
    if (values.length < minSupport) continue;
    waits.set(key, quantileOfSorted(sortedFinite(values), usualShare));
  }
  return waits;
}

/**
 * Tells whether a request failed by its own service's doing: the failure arose there, or the service gave up on a call sooner than such calls usually
 * take. A caller that waited longer than usual was failed by its callee.
 */
export function isOwnError(fact: OperationFact, waits: UsualWaits): boolean {
  if (fact.origin === 'own') return true;
  if (fact.origin !== 'given-up' || fact.givenUp === null) return false;
  const usualMs = waits.get(callKey(fact.givenUp));
  return usualMs !== undefined && fact.givenUp.durationMs <= usualMs;
}

interface Side {
  readonly facts: readonly OperationFact[];
}

const proportionOf = (side: Side, isBad: (fact: OperationFact) => boolean): Proportion => ({
  bad: side.facts.filter(isBad).length,
  total: side.facts.length,
});

/**
 * Compares what one service served before and after: error ratio and own errors of all requests and of each operation, duration and self time of each
 * operation (a mixture of operations would hide a shift of one), traffic of all. Aspects with too few requests are left out. `operations` are
 * those of the service, over the whole window. O(n log n).
 */
export function compareService(
  operations: readonly OperationFact[],
  split: SplitWindow,
  waits: UsualWaits,
): readonly ServiceShift[] {
  const all = sidesOf(operations, split);
  const byName = new Map<string, OperationFact[]>();
  for (const fact of operations) {
    const known = byName.get(fact.operation) ?? [];
    known.push(fact);
    byName.set(fact.operation, known);
  }
  const each = [...byName]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .flatMap(([operation, facts]) => {
      const sides = sidesOf(facts, split);
      return [
        ...compareOutcomes(operation, sides, waits),
        ...compareTimes(operation, sides, split),
      ];
    });
  const traffic = compareTraffic(all, split);
  return [
    ...compareOutcomes(null, all, waits),
    ...each,
    ...(traffic === null
      ? []
      : [{ aspect: 'traffic' as const, operation: null, unit: '{request}/s', shift: traffic }]),
  ];
}

interface Sides {
  readonly before: Side;
  readonly after: Side;
}

function sidesOf(facts: readonly OperationFact[], split: SplitWindow): Sides {
  return {
    before: { facts: facts.filter(({ startAt }) => isInside(split.baseline, startAt)) },
    after: { facts: facts.filter(({ startAt }) => isInside(split.after, startAt)) },
  };
}

function compareOutcomes(
  operation: string | null,
  { before, after }: Sides,
  waits: UsualWaits,
): readonly ServiceShift[] {
  const isError = (fact: OperationFact): boolean => fact.origin !== null;
  const isOwn = (fact: OperationFact): boolean => isOwnError(fact, waits);
  const shifts = [
    { aspect: 'error-ratio' as const, isBad: isError },
    { aspect: 'own-error' as const, isBad: isOwn },
  ];
  return shifts.flatMap(({ aspect, isBad }) => {
    const shift = compareProportions(proportionOf(before, isBad), proportionOf(after, isBad));
    return shift === null ? [] : [{ aspect, operation, unit: '1', shift }];
  });
}

function compareTimes(
  operation: string,
  { before, after }: Sides,
  split: SplitWindow,
): readonly ServiceShift[] {
  const times = [
    { aspect: 'duration' as const, read: (fact: OperationFact) => fact.durationMs },
    { aspect: 'self-time' as const, read: (fact: OperationFact) => fact.selfMs },
  ];
  return times.flatMap(({ aspect, read }) => {
    const measured = before.facts.map((fact) => ({ at: fact.startAt, value: read(fact) }));
    const shift = compareDurations(
      usualHistory(measured, split.baseline, durationFloorMs),
      after.facts.map(read),
    );
    return shift === null ? [] : [{ aspect, operation, unit: 'ms', shift }];
  });
}

function compareTraffic({ before, after }: Sides, split: SplitWindow): Shift | null {
  if (!hasLikeLoad(split)) return null;
  const instants = before.facts.map(({ startAt }) => startAt);
  return compareRates(
    {
      count: before.facts.length,
      seconds: secondsOf(split.baseline),
      dispersion: dispersionOf(countInParts(split.baseline, parts, instants)),
    },
    {
      count: after.facts.length,
      seconds: secondsOf(split.after),
    },
  );
}

/** How well a shift stands for its aspect among others. */
function weightOf({ aspect, shift }: ServiceShift): number {
  const isTime = aspect === 'duration' || aspect === 'self-time';
  const isClear = shift.score >= clearScore;
  // Among operations that are clearly slower the one that cost most time in all is told: callers and callees then tell of the same requests.
  return isTime && isClear
    ? veryLarge + Math.abs(shift.after - shift.before) * shift.support
    : standingOf(shift);
}

/**
 * Keeps one shift of each aspect: the strongest, of all operations or of one, where few samples count for less; among durations that are clearly
 * out the one that cost most time in all.
 */
export function strongestByAspect(shifts: readonly ServiceShift[]): readonly ServiceShift[] {
  const best = new Map<ServiceAspect, ServiceShift>();
  for (const one of shifts) {
    const known = best.get(one.aspect);
    if (known === undefined || weightOf(one) > weightOf(known)) best.set(one.aspect, one);
  }
  return [...best.values()];
}
