import type { Onset } from '../../schemas/primitives.ts';

/** One thing that happened, and whether it was of the kind whose share is believed to have shifted. */
export interface Outcome {
  readonly at: number;
  readonly isHit: boolean;
}

const believed = 3;

/** Log-likelihood of `hits` among `total` at their own rate. */
function logLikelihood(hits: number, total: number): number {
  const share = hits / total;
  const term = (count: number, ratio: number): number => (count > 0 ? count * Math.log(ratio) : 0);
  return total > 0 ? term(hits, share) + term(total - hits, 1 - share) : 0;
}

/**
 * Dates the moment from which hits became more frequent, or with `direction` down less so, from single outcomes: the interval holds every division of
 * the sequence whose likelihood is within a factor of e³ of the best one, and reaches from the last outcome before the earliest of them to the
 * first outcome after the latest. Null when no division has the wanted direction. O(n log n). Source: maximum-likelihood change-point of a
 * Bernoulli sequence, Hinkley and Hinkley, "Inference about the change-point in a sequence of binomial variables" (1970).
 */
export function outcomeOnset(
  outcomes: readonly Outcome[],
  direction: 'up' | 'down' = 'up',
): Onset | null {
  const ordered = outcomes
    .filter(({ at }) => Number.isFinite(at))
    .sort((one, other) => one.at - other.at || Number(one.isHit) - Number(other.isHit));
  const total = ordered.length;
  const allHits = ordered.filter(({ isHit }) => isHit).length;
  const scores: number[] = [];
  let hits = 0;
  for (let index = 1; index < total; index += 1) {
    if (ordered[index - 1]?.isHit === true) hits += 1;
    const rise = (allHits - hits) / (total - index) - hits / index;
    const isWanted = direction === 'up' ? rise > 0 : rise < 0;
    scores.push(
      isWanted
        ? logLikelihood(hits, index) + logLikelihood(allHits - hits, total - index)
        : Number.NEGATIVE_INFINITY,
    );
  }
  const best = scores.reduce((most, score) => Math.max(most, score), Number.NEGATIVE_INFINITY);
  if (best === Number.NEGATIVE_INFINITY) return null;
  const isBelieved = (score: number): boolean => score >= best - believed;
  // `scores[i]` belongs to the division whose later part begins with outcome i + 1.
  const earliestAt = ordered[scores.findIndex(isBelieved)]?.at;
  const latestAt = ordered[scores.findLastIndex(isBelieved) + 1]?.at;
  return earliestAt === undefined || latestAt === undefined ? null : { earliestAt, latestAt };
}
