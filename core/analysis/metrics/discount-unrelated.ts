import { compareTexts } from '../../compare-texts.ts';
import type { Alert } from '../../schemas/alert.ts';
import type { Aspect } from '../../schemas/digest.ts';
import type { Window } from '../../schemas/primitives.ts';
import { correlationAhead } from '../correlation.ts';
import type { Samples } from '../counter-rates.ts';
import type { Shift } from '../shift.ts';
import { isWithin } from '../stretches.ts';
import { isAbout } from './alerted-metric.ts';
import type { MetricShift } from './service-metrics.ts';

const leastCoefficient = 0.4;
const unrelatedFactor = 0.2;
/** Shifts with a lower score are told to nobody, and a symptom that hardly moved relates to nothing. */
const leastScore = 1;
const leastShare = 0.5;
/** What users wait for, or do not get. A resource may be used up long before anybody feels it. */
const ofRequests: ReadonlySet<Aspect> = new Set([
  'duration',
  'error-ratio',
  'edge-duration',
  'edge-error',
]);

/**
 * Takes four fifths off the score of how requests are answered where less than half of its shift goes with what the alert is about: against a baseline of another time a
 * service may be otherwise for reasons of its own, all through the window. The two are compared over the window, as long as that shows how the symptom began; the service may run ahead of it. The
 * thresholds and the factor are ours.
 */
export function discountUnrelated(
  shifts: readonly MetricShift[],
  alert: Alert | null,
  window: Window,
): readonly MetricShift[] {
  const symptom = alert === null ? null : symptomOf(shifts, alert, window);
  if (symptom === null) return shifts;
  return shifts.map((one) => {
    const { aspect, shift } = one;
    if (!ofRequests.has(aspect) || shift.score < leastScore) return one;
    const found = correlationAhead(upwards(one, window), symptom.samples);
    if (found === null) return one;
    const share = (found.slope * symptom.size) / sizeOf(shift);
    if (found.coefficient >= leastCoefficient && share >= leastShare) return one;
    return { ...one, shift: { ...shift, score: shift.score * unrelatedFactor } };
  });
}

/** The clearest of the series that the alert speaks of, within the window; null where all of it is already so. */
function symptomOf(
  shifts: readonly MetricShift[],
  { entity, symptom }: Alert,
  window: Window,
): { readonly samples: Samples; readonly size: number } | null {
  const [clearest] = shifts
    .filter(
      ({ service, peer, metric, aspect }) =>
        service === entity?.name && peer === null && isAbout(symptom ?? '', { metric }, aspect),
    )
    .sort(
      (one, other) => other.shift.score - one.shift.score || compareTexts(one.name, other.name),
    );
  if (clearest === undefined || clearest.shift.score < leastScore) return null;
  const { before, after } = clearest.shift;
  const { values } = samplesIn(clearest.levels, window);
  const isCalmAtFirst = values.some((value) => (value - before) / (after - before) < leastShare);
  return isCalmAtFirst
    ? { samples: upwards(clearest, window), size: sizeOf(clearest.shift) }
    : null;
}

const sizeOf = ({ before, after }: Shift): number => Math.abs(after - before);

/** The samples of the window, turned so that they rise where something is otherwise. */
function upwards({ levels, shift }: MetricShift, window: Window): Samples {
  const { atMs, values } = samplesIn(levels, window);
  return { atMs, values: shift.direction === 'up' ? values : values.map((value) => -value) };
}

function samplesIn({ atMs, values }: Samples, window: Window): Samples {
  const places = [...atMs.keys()].filter((place) => isWithin(window, atMs[place] ?? Number.NaN));
  return {
    atMs: places.map((place) => atMs[place] ?? Number.NaN),
    values: places.map((place) => values[place] ?? Number.NaN),
  };
}
