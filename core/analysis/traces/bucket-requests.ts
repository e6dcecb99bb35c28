import type { Window } from '../../schemas/primitives.ts';
import { quantileOfSorted, sortedFinite } from '../quantiles.ts';
import type { OperationFact } from './trace-facts.ts';

/** Requests of equal parts of a window. `atMs` is where a part begins; a part without requests has no error ratio and no duration. */
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
  const parts: OperationFact[][] = Array.from({ length: partCount }, () => []);
  for (const fact of facts) parts[Math.floor((fact.startAt - window.startAt) / partMs)]?.push(fact);
  return {
    partMs,
    atMs: parts.map((_part, index) => Math.round(window.startAt + index * partMs)),
    perSecond: parts.map((part) => (part.length * 1_000) / partMs),
    errorRatio: parts.map(
      (part) => part.filter(({ origin }) => origin !== null).length / part.length,
    ),
    p90Ms: parts.map((part) =>
      quantileOfSorted(sortedFinite(part.map(({ durationMs }) => durationMs)), 0.9),
    ),
  };
}
