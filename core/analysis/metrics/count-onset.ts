import { compareProportions } from '../compare-proportions.ts';
import type { Samples } from '../counter-rates.ts';
import { detectOnset } from '../onset/detect-onset.ts';
import { sequenceShift } from '../onset/sequence-shift.ts';
import type { ServiceOnset } from '../onset/service-onset.ts';
import { median } from '../quantiles.ts';
import type { RequestCounts } from './request-counts.ts';

const trafficFloor = 0.2;

/** How one metric of a service began to be otherwise, with the samples that show it in the unit of the shift. */
export interface SampledOnset extends ServiceOnset {
  readonly operation: string;
  readonly samples: Samples;
}

/** Dates when the share of failed requests shifted; null when outcomes are not told apart or nothing shifts. */
export function failureOnset(counts: RequestCounts): SampledOnset | null {
  const { isSplit, atMs, totals, failed, metric } = counts;
  if (!isSplit) return null;
  const sum = (values: readonly number[], from: number, to: number): number =>
    values.slice(from, to).reduce((all, value) => all + value, 0);
  const ratios = totals.map((total, index) => (total > 0 ? (failed[index] ?? 0) / total : 0));
  const found = sequenceShift(ratios, (index, endIndex) =>
    compareProportions(
      { bad: sum(failed, 0, index), total: sum(totals, 0, index) },
      { bad: sum(failed, index, endIndex), total: sum(totals, index, endIndex) },
    ),
  );
  if (found === null) return null;
  return {
    aspect: 'error-ratio',
    operation: metric,
    unit: '1',
    samples: { atMs, values: ratios },
    shift: found.shift,
    // A count belongs to the interval before its instant, and the first bad interval may be bad only at its end.
    onset: {
      earliestAt: atMs[Math.max(0, found.index - 2)] ?? 0,
      latestAt: atMs[found.index] ?? 0,
    },
  };
}

/** Dates when requests became more or fewer; null when they did not. */
export function trafficOnset({ atMs, totals, metric }: RequestCounts): SampledOnset | null {
  const found = detectOnset({ atMs, values: totals }, trafficFloor * median(totals));
  return found === null
    ? null
    : {
        aspect: 'traffic',
        operation: metric,
        unit: '{request}',
        samples: { atMs, values: totals },
        ...found,
      };
}
