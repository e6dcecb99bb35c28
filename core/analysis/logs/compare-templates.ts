import { robustSpread } from '../robust-spread.ts';
import { scoreOf, shiftBetween } from '../shift.ts';
import type { Shift } from '../shift.ts';
import { leastHistory } from '../stretches.ts';
import type { TemplateCount } from './log-tally.ts';

/** What rates are taken over. `requests` is how many requests the service of the template served on each side, and in each healthy time; null where that is not known. */
export interface LogExposure {
  readonly secondsBefore: number;
  readonly secondsAfter: number;
  readonly requests: {
    readonly before: number;
    readonly after: number;
    readonly history?: readonly number[];
  } | null;
}

/** `new`: never before; `vanished`: no more; `rate`: more or less often. Levels of the shift are lines per second, or per request where they are compared with a history. */
export interface TemplateShift {
  readonly change: 'new' | 'vanished' | 'rate';
  readonly unit: '{line}/s' | '{line}/{request}';
  readonly shift: Shift;
}

const relativeFloor = 0.2;
const minRequests = 10;
/** In a healthy time, of which there are many. */
const leastRequests = 3;
const weights: Readonly<Record<string, number>> = { fatal: 1, error: 1, warn: 0.9 };
const usualWeight = 0.75;

/** How far apart two counts are when their variance is made the same, whatever the count. */
function stabilisedDistance(one: number, other: number): number {
  return 2 * Math.abs(Math.sqrt(one + 0.375) - Math.sqrt(other + 0.375));
}

/** How far a count is from what was expected, in standard deviations of the transformed count. */
function deviation(count: number, ratio: number, after: number, dispersion: number): number {
  const expected = count * ratio;
  const z = stabilisedDistance(after, expected) / Math.sqrt(dispersion * (1 + ratio));
  const relative = expected > 0 ? Math.abs(after - expected) / (expected * relativeFloor) : z;
  return Math.min(z, relative);
}

interface PerRequest {
  readonly before: number;
  readonly after: number;
  readonly distance: number;
}

/**
 * How far lines a request are from what they were in each of many healthy times, in standard deviations of a Poisson count widened by how those times differ and a tenth of what is usual; null
 * where too few of those times had requests. Some of them may have been bad: the median does not mind.
 */
function againstHistory(
  { history, after }: Pick<TemplateCount, 'history' | 'after'>,
  requests: LogExposure['requests'],
): PerRequest | null {
  if (history === undefined || requests === null || requests.after < leastRequests) return null;
  const rates = history.flatMap((count, place) => {
    const served = requests.history?.[place] ?? 0;
    return served < leastRequests ? [] : [count / served];
  });
  if (rates.length < leastHistory) return null;
  const { centre: usual, spread } = robustSpread(rates);
  const expected = usual * requests.after;
  const excess = (spread * requests.after) ** 2 + (expected * 0.1) ** 2;
  const dispersion = 1 + excess / Math.max(1, expected);
  const distance = stabilisedDistance(after, expected) / Math.sqrt(dispersion);
  return { before: usual, after: after / requests.after, distance };
}

/**
 * Scores how one template's frequency shifted. It must have shifted both per second and, where requests are known, per request, or it only
 * followed the traffic: the smaller deviation counts, in standard deviations of a Poisson count widened by the template's own bursts, or in fifths
 * of the expected count where that is less. Warnings weigh nine tenths of errors, all other lines three quarters. Of what is known at most of the time before only a rise can be told. Null without time on either side, and where nothing can be told. Source: variance-stabilising
 * transform of Anscombe, "The transformation of Poisson, binomial and negative-binomial data" (1948).
 */
export function compareTemplate(
  count: Pick<TemplateCount, 'before' | 'after' | 'severity' | 'dispersion' | 'history'> &
    Partial<Pick<TemplateCount, 'isBeforeKnown'>>,
  exposure: LogExposure,
): TemplateShift | null {
  const { secondsBefore, secondsAfter, requests } = exposure;
  if (!(secondsBefore > 0) || !(secondsAfter > 0)) return null;
  const weight = weights[count.severity ?? ''] ?? usualWeight;
  const change = count.before === 0 ? 'new' : count.after === 0 ? 'vanished' : 'rate';
  const isKnown = count.isBeforeKnown ?? true;
  const found = isKnown ? againstHistory(count, requests) : null;
  if (found !== null) {
    const score = scoreOf(found.distance * weight);
    const shift = { ...shiftBetween(found, 1, count.after), score };
    return { change, unit: '{line}/{request}', shift };
  }
  const ratios = [secondsAfter / secondsBefore];
  if (requests !== null && Math.min(requests.before, requests.after) >= minRequests) {
    ratios.push(requests.after / requests.before);
  }
  const deviations = ratios.map((ratio) =>
    deviation(count.before, ratio, count.after, Math.max(1, count.dispersion)),
  );
  const levels = { before: count.before / secondsBefore, after: count.after / secondsAfter };
  const score = scoreOf(Math.min(...deviations) * weight);
  if (!isKnown && !(levels.after > levels.before)) return null;
  return { change, unit: '{line}/s', shift: { ...shiftBetween(levels, 1, count.after), score } };
}
