import { compareTexts } from '../../compare-texts.ts';
import type { Aspect } from '../../schemas/digest.ts';
import type { Onset, Window } from '../../schemas/primitives.ts';
import { compareDurations } from '../compare-durations.ts';
import { compareProportions } from '../compare-proportions.ts';
import { compareRates, dispersionOf } from '../compare-rates.ts';
import { quantileOfSorted, sortedFinite } from '../quantiles.ts';
import { clearScore, standingOf } from '../shift.ts';
import type { Shift } from '../shift.ts';
import type { OperationFact } from '../traces/trace-facts.ts';
import { outcomeOnset } from './outcome-onset.ts';
import type { Outcome } from './outcome-onset.ts';
import { sequenceShift } from './sequence-shift.ts';

/** How what a service serves began to be otherwise, and when. `operation` null means all of its operations. */
export interface ServiceOnset {
  readonly aspect: Aspect;
  readonly operation: string | null;
  readonly unit: string;
  readonly shift: Shift;
  readonly onset: Onset;
}

const minEvents = 20;
const maxOperations = 40;
const leastMs = 0.1;
const trafficParts = 60;
const leastPartMs = 1_000;

/** What one group of requests shows; `outcomes` are those by which the beginning can be dated, up to where things changed once more. */
interface Candidate {
  readonly aspect: 'error-ratio' | 'duration';
  readonly operation: string | null;
  readonly unit: string;
  readonly shift: Shift;
  readonly outcomes: readonly Outcome[];
  readonly endAt: number;
}

/**
 * Dates when one service began to fail more, to be slower, or to be asked more or less often, with no other knowledge than its requests over the
 * window: each aspect splits at its own change-point. At most one result an aspect, named for the operation in which it is clearest and dated by the
 * requests of all operations that show it; aspects that did not shift are absent. `facts` are those of the service; order does not matter.
 */
export function serviceOnset(
  facts: readonly OperationFact[],
  window: Window,
): readonly ServiceOnset[] {
  const ordered = [...facts].sort(inOrder);
  const operations = operationsOf(ordered);
  const errors = [{ operation: null, facts: ordered }, ...operations].flatMap(
    (group) => errorCandidate(group) ?? [],
  );
  const durations = operations.flatMap((group) => durationCandidate(group) ?? []);
  return [dated(errors), dated(durations), trafficOnset(ordered, window)]
    .flatMap((one) => one ?? [])
    .sort((one, other) => other.shift.score - one.shift.score);
}

/** By time; of those that began at once, as to the millisecond many do, by whatever else could tell. */
function inOrder(one: OperationFact, other: OperationFact): number {
  return (
    one.startAt - other.startAt ||
    one.durationMs - other.durationMs ||
    Number(one.origin !== null) - Number(other.origin !== null) ||
    compareTexts(one.operation, other.operation) ||
    compareTexts(one.traceId, other.traceId)
  );
}

/** Dates the clearest candidate by all that shifted in the same direction; all requests together count only where no operation shows it alone. */
function dated(candidates: readonly Candidate[]): ServiceOnset | null {
  const best = candidates.reduce<Candidate | null>(
    (most, one) => (most === null || standingOf(one.shift) > standingOf(most.shift) ? one : most),
    null,
  );
  if (best === null) return null;
  const { aspect, operation, unit, shift } = best;
  const alike = candidates.filter((one) => one.shift.direction === shift.direction);
  const single = alike.filter((one) => one.operation !== null);
  const outcomes = (single.length > 0 ? single : alike)
    .flatMap((one) => one.outcomes)
    .filter(({ at }) => at < best.endAt);
  const isFall = aspect === 'error-ratio' && shift.direction === 'down';
  const onset = outcomeOnset(outcomes, isFall ? 'down' : 'up');
  return onset === null ? null : { aspect, operation, unit, shift, onset };
}

interface Group {
  readonly operation: string | null;
  readonly facts: readonly OperationFact[];
}

function operationsOf(ordered: readonly OperationFact[]): readonly Group[] {
  const groups = new Map<string, OperationFact[]>();
  for (const fact of ordered) {
    const group = groups.get(fact.operation) ?? [];
    group.push(fact);
    groups.set(fact.operation, group);
  }
  return [...groups]
    .map(([operation, facts]) => ({ operation, facts }))
    .filter((group) => group.facts.length >= minEvents)
    .sort(
      (one, other) =>
        other.facts.length - one.facts.length || (one.operation < other.operation ? -1 : 1),
    )
    .slice(0, maxOperations);
}

function errorCandidate({ operation, facts }: Group): Candidate | null {
  const flags = facts.map(({ origin }) => (origin === null ? 0 : 1));
  const sums = [0];
  for (const [index, flag] of flags.entries()) sums.push((sums[index] ?? 0) + flag);
  const between = (from: number, to: number): { bad: number; total: number } => ({
    bad: (sums[to] ?? 0) - (sums[from] ?? 0),
    total: to - from,
  });
  const found = sequenceShift(flags, (index, endIndex) =>
    compareProportions(between(0, index), between(index, endIndex)),
  );
  if (found === null) return null;
  const outcomes = facts
    .slice(0, found.endIndex)
    .map(({ startAt, origin }) => ({ at: startAt, isHit: origin !== null }));
  const endAt = endOf(facts, found.endIndex);
  return { aspect: 'error-ratio', operation, unit: '1', shift: found.shift, outcomes, endAt };
}

function durationCandidate({ operation, facts }: Group): Candidate | null {
  const durations = facts.map(({ durationMs }) => durationMs);
  const logs = durations.map((durationMs) => Math.log(Math.max(leastMs, durationMs)));
  const found = sequenceShift(logs, (index, endIndex) =>
    compareDurations(durations.slice(0, index), durations.slice(index, endIndex)),
  );
  if (found === null) return null;
  const { shift, index, endIndex } = found;
  const limitMs = borderOf(durations.slice(0, index), shift.direction);
  const outcomes = facts.slice(0, endIndex).map(({ startAt, durationMs }) => ({
    at: startAt,
    isHit: shift.direction === 'up' ? durationMs > limitMs : durationMs < limitMs,
  }));
  const endAt = endOf(facts, endIndex);
  return { aspect: 'duration', operation, unit: 'ms', shift, outcomes, endAt };
}

const endOf = (facts: readonly OperationFact[], endIndex: number): number =>
  facts[endIndex]?.startAt ?? Number.POSITIVE_INFINITY;

/** The duration beyond which a request was unusual before. */
function borderOf(before: readonly number[], direction: 'up' | 'down'): number {
  return quantileOfSorted(sortedFinite(before), direction === 'up' ? 0.95 : 0.05);
}

function trafficOnset(ordered: readonly OperationFact[], window: Window): ServiceOnset | null {
  const lengthMs = window.endAt - window.startAt;
  if (!(lengthMs > 0)) return null;
  const partMs = Math.max(leastPartMs, lengthMs / trafficParts);
  // The last part may be cut off by the end of the window and would look quiet.
  const counts = Array.from({ length: Math.floor(lengthMs / partMs) }, () => 0);
  for (const { startAt } of ordered) {
    const part = Math.floor((startAt - window.startAt) / partMs);
    const count = counts[part];
    if (count !== undefined) counts[part] = count + 1;
  }
  const sum = (from: number, to: number): number =>
    counts.slice(from, to).reduce((total, count) => total + count, 0);
  const found = sequenceShift(counts, (index, endIndex) =>
    compareRates(
      {
        count: sum(0, index),
        seconds: (index * partMs) / 1_000,
        dispersion: dispersionOf(counts.slice(0, index)),
      },
      { count: sum(index, endIndex), seconds: ((endIndex - index) * partMs) / 1_000 },
    ),
  );
  if (found === null || found.shift.score < clearScore) return null;
  const onset = {
    earliestAt: Math.round(window.startAt + (found.index - 1) * partMs),
    latestAt: Math.round(window.startAt + (found.index + 1) * partMs),
  };
  return { aspect: 'traffic', operation: null, unit: '{request}/s', shift: found.shift, onset };
}
