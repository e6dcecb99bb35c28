import type { Onset } from '../../schemas/primitives.ts';
import { baselineOf } from '../baseline.ts';
import type { Samples } from '../counter-rates.ts';
import { clearScore } from '../shift.ts';
import type { Shift } from '../shift.ts';
import { tailShift } from '../tail-shift.ts';
import { changePoints, leastValues } from './change-points.ts';
import { cusumAlarm } from './cusum.ts';

const madToDeviation = 1.4826;
const cusum = { slack: 0.5, threshold: 5, limit: 4 };
const maxPoints = 400;
const guardSamples = 2;

/** A shift of a series with the interval in which it began. */
export interface DatedShift {
  readonly shift: Shift;
  readonly onset: Onset;
}

/** A series that is long is thinned to means of equal runs, dated by the first instant of each. */
function thinned(samples: Samples): Samples {
  const pairs = samples.atMs
    .map((at, index) => ({ at, value: samples.values[index] ?? Number.NaN }))
    .filter(({ at, value }) => Number.isFinite(at) && Number.isFinite(value))
    .sort((one, other) => one.at - other.at || one.value - other.value);
  const run = Math.ceil(pairs.length / maxPoints);
  if (run <= 1) {
    return { atMs: pairs.map(({ at }) => at), values: pairs.map(({ value }) => value) };
  }
  const atMs: number[] = [];
  const values: number[] = [];
  for (let start = 0; start < pairs.length; start += run) {
    const part = pairs.slice(start, start + run);
    atMs.push(part[0]?.at ?? 0);
    values.push(part.reduce((sum, { value }) => sum + value / part.length, 0));
  }
  return { atMs, values };
}

/**
 * Finds when a series began to be other than before: the earliest change-point whose part after it, up to the next one, is clearly out of
 * what came before it (but for the last two samples), and at least half as far out as the furthest one. The interval reaches from the last sample that was still as before to the one by which
 * a robust CUSUM, with the earlier part as its reference, has raised the alarm. Null when nothing shifts or fewer than eight samples are
 * finite. `floor` is the smallest difference that matters, in the unit of the series. O(n²) up to 400 samples; longer series are thinned
 * first.
 */
export function detectOnset(samples: Samples, floor: number): DatedShift | null {
  const { atMs, values } = thinned(samples);
  if (values.length < leastValues) return null;
  const points = changePoints(values);
  // The last samples before a change-point may already be half of the new kind, and one is enough to spoil the baseline's tail.
  const baselineEnd = (index: number): number =>
    index >= leastValues ? index - guardSamples : index;
  const candidates = points.flatMap((index, place) => {
    const shift = tailShift(
      baselineOf(values.slice(0, baselineEnd(index))),
      values.slice(index, points[place + 1] ?? values.length),
      floor,
    );
    return shift === null || shift.score < clearScore ? [] : [{ index, shift }];
  });
  const furthest = Math.max(...candidates.map(({ shift }) => shift.score));
  const first = candidates.find(({ shift }) => shift.score >= furthest / 2);
  if (first === undefined) return null;
  const { shift } = first;
  return { shift, onset: intervalOf({ atMs, values }, { ...first, floor }) };
}

function intervalOf(
  { atMs, values }: Samples,
  found: { readonly index: number; readonly shift: Shift; readonly floor: number },
): Onset {
  const { index, shift, floor } = found;
  const reference = baselineOf(values.slice(0, index));
  const centre = reference?.median ?? shift.before;
  const scale = Math.max((reference?.mad ?? 0) * madToDeviation, Math.abs(centre) * 0.05, floor);
  const from = Math.max(0, index - Math.max(3, Math.round(values.length / 10)));
  const alarm =
    scale > 0 ? cusumAlarm(values.slice(from), shift.direction, { centre, scale, ...cusum }) : null;
  const start = alarm === null ? index : Math.min(index, from + alarm.startIndex);
  const end = alarm === null ? index : Math.max(index, from + alarm.alarmIndex);
  const earliestAt = atMs[Math.max(0, start - 1)] ?? 0;
  return { earliestAt, latestAt: atMs[end] ?? earliestAt };
}
