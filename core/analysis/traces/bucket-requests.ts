import type { Window } from '../../schemas/primitives.ts';
import { quantileOfSorted, sortedFinite } from '../quantiles.ts';
import type { OperationFact } from './trace-facts.ts';

/**
 * Requests of equal parts of a window. `atMs` is where a part begins; a part without requests has no error ratio and no duration, and one of which only a piece was
 * seen has nothing.
 */
export interface RequestBuckets {
  readonly partMs: number;
  readonly atMs: readonly number[];
  readonly perSecond: readonly number[];
  readonly errorRatio: readonly number[];
  readonly p90Ms: readonly number[];
}

/** Sums up requests for a chart: rate, error ratio and ninetieth percentile of the duration in each part of the window; NaN where there is none. */
export function bucketRequests(
  facts: readonly OperationFact[],
  window: Window,
  partCount: number,
): RequestBuckets {
  const partMs = Math.max(1, (window.endAt - window.startAt) / partCount);
  const filled: OperationFact[][] = Array.from({ length: partCount }, () => []);
  for (const fact of facts) {
    filled[Math.floor((fact.startAt - window.startAt) / partMs)]?.push(fact);
  }
  const isWhole = wholeParts(filled.map(({ length }) => length));
  const parts = filled.map((part, index) => (isWhole(index) ? part : []));
  return {
    partMs,
    atMs: parts.map((_part, index) => Math.round(window.startAt + index * partMs)),
    perSecond: parts.map((part, index) =>
      isWhole(index) ? (part.length * 1_000) / partMs : Number.NaN,
    ),
    errorRatio: parts.map(
      (part) => part.filter(({ origin }) => origin !== null).length / part.length,
    ),
    p90Ms: parts.map((part) =>
      quantileOfSorted(sortedFinite(part.map(({ durationMs }) => durationMs)), 0.9),
    ),
  };
}

/**
 * Tells parts that were seen as a whole: recording begins and ends within a part, and what few requests that one has would look like a spike. Of the outermost
 * parts that have requests, one with less than half as many as usual.
 */
function wholeParts(counts: readonly number[]): (index: number) => boolean {
  const usual = quantileOfSorted(sortedFinite(counts.filter((count) => count > 0)), 0.5);
  const first = counts.findIndex((count) => count > 0);
  const last = counts.findLastIndex((count) => count > 0);
  return (index) => (index !== first && index !== last) || (counts[index] ?? 0) >= usual / 2;
}
