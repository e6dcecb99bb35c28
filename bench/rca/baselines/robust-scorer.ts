import { quantileOfSorted, sortedFinite } from '../../../core/analysis/quantiles.ts';
import type { MetricScore } from './rank-services.ts';

/**
 * The largest deviation from the normal median in normal interquartile ranges (1 where there is none). Source: RobustScorer of Pham et al., "BARO: robust root
 * cause analysis for microservices via multivariate Bayesian online change point detection" (2024), without its change points.
 */
export const robustScorer: MetricScore = (normal, faulty) => {
  const sorted = sortedFinite(normal);
  const range = quantileOfSorted(sorted, 0.75) - quantileOfSorted(sorted, 0.25);
  const median = quantileOfSorted(sorted, 0.5);
  return Math.max(...faulty.map((value) => (value - median) / (range || 1)));
};
