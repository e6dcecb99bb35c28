import { scoreOf, shiftBetween } from '../shift.ts';
import type { Shift } from '../shift.ts';
import type { TemplateCount } from './log-tally.ts';

/** What rates are taken over. `requests` is how many requests the service of the template served on each side; null where that is not known. */
export interface LogExposure {
  readonly secondsBefore: number;
  readonly secondsAfter: number;
  readonly requests: { readonly before: number; readonly after: number } | null;
}

/** `new`: never before; `vanished`: no more; `rate`: more or less often. Levels of the shift are lines per second. */
export interface TemplateShift {
  readonly change: 'new' | 'vanished' | 'rate';
  readonly shift: Shift;
}

const relativeFloor = 0.2;
const minRequests = 10;
const weights: Readonly<Record<string, number>> = { fatal: 1, error: 1, warn: 0.9 };
const usualWeight = 0.75;

/** How far a count is from what was expected, in standard deviations of the transformed count. */
function deviation(count: number, ratio: number, after: number, dispersion: number): number {
  const expected = count * ratio;
  const z =
    (2 * Math.abs(Math.sqrt(after + 0.375) - Math.sqrt(expected + 0.375))) /
    Math.sqrt(dispersion * (1 + ratio));
  const relative = expected > 0 ? Math.abs(after - expected) / (expected * relativeFloor) : z;
  return Math.min(z, relative);
}

/**
 * Scores how one template's frequency shifted. It must have shifted both per second and, where requests are known, per request, or it only
 * followed the traffic: the smaller deviation counts, in standard deviations of a Poisson count widened by the template's own bursts, or in fifths
 * of the expected count where that is less. Warnings weigh nine tenths of errors, all other lines three quarters. Null without time on either side. Source: variance-stabilising
 * transform of Anscombe, "The transformation of Poisson, binomial and negative-binomial data" (1948).
 */
export function compareTemplate(
  count: Pick<TemplateCount, 'before' | 'after' | 'severity' | 'dispersion'>,
  exposure: LogExposure,
): TemplateShift | null {
  const { secondsBefore, secondsAfter, requests } = exposure;
  if (!(secondsBefore > 0) || !(secondsAfter > 0)) return null;
  const ratios = [secondsAfter / secondsBefore];
  if (requests !== null && Math.min(requests.before, requests.after) >= minRequests) {
    ratios.push(requests.after / requests.before);
  }
  const deviations = ratios.map((ratio) =>
    deviation(count.before, ratio, count.after, Math.max(1, count.dispersion)),
  );
  const levels = { before: count.before / secondsBefore, after: count.after / secondsAfter };
  const weight = weights[count.severity ?? ''] ?? usualWeight;
  const score = scoreOf(Math.min(...deviations) * weight);
  const change = count.before === 0 ? 'new' : count.after === 0 ? 'vanished' : 'rate';
  return { change, shift: { ...shiftBetween(levels, 1, count.after), score } };
}
