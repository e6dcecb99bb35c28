import { mean } from '../../../core/analysis/quantiles.ts';
import type { MetricScore } from './rank-services.ts';

/** The largest deviation from the normal mean in normal standard deviations (of the population, 1 where there is none). Source: N-Sigma as in RCAEval. */
export const nSigma: MetricScore = (normal, faulty) => {
  const centre = mean(normal);
  const deviation = Math.sqrt(mean(normal.map((value) => (value - centre) ** 2)));
  return Math.max(...faulty.map((value) => (value - centre) / (deviation || 1)));
};
