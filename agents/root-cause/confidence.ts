import type { Onset } from '../../core/schemas/primitives.ts';
import { presenceOf } from '../shared/coverage.ts';
import type { Voice } from '../shared/facts.ts';
import { supportsAlert } from '../shared/picture.ts';
import type { Picture } from '../shared/picture.ts';
import type { Charge } from './bring-charge.ts';

const kinds: readonly Voice[] = ['metrics', 'traces', 'logs', 'changes'];
/** By how many independent kinds of telemetry a charge is carried. */
const byVoices = [0.6, 0.75, 0.9, 0.97, 1];
const lowest = 0.05;
const highest = 0.98;
const sameTimeMs = 30_000;

/**
 * Computes how much the first charge is to be believed, in [0.05, 0.98]: the lead over the runner-up, how far out it is, how many kinds of
 * telemetry say so independently, how much of the telemetry was there, and whether it began when the symptom did. Factors, not a calibrated
 * probability.
 */
export function rankConfidence(picture: Picture, charges: readonly Charge[]): number {
  const [leading, second] = charges;
  if (leading === undefined) return lowest;
  const { suspect, fit } = leading;
  const lead = suspect.score / Math.max(second?.suspect.score ?? 0, 0.01);
  const voices = new Set(leading.facts.map(({ voice }) => voice));
  if (fit?.kind === 'fits') voices.add('changes');
  // What the platform itself says and dates needs no user who felt it, and may be older than the alert.
  const isStated = leading.facts[0]?.aspect === 'condition';
  const present = kinds.filter((kind) => presenceOf(picture.brief, kind) === 'present').length;
  const product =
    (lead / (lead + 0.5)) *
    (suspect.strength / (suspect.strength + 1)) *
    (byVoices[voices.size] ?? 1) *
    (0.7 + (0.3 * present) / kinds.length) *
    (isStated ? 1 : onsetFactor(leading.since, picture.brief.suspected)) *
    (leading.faultKind === 'unknown' ? 0.8 : 1) *
    (fit?.kind === 'untested' ? 0.85 : 1) *
    (suspect.place === 'end' ? 1 : 0.7) *
    (picture.brief.symptomatic || isStated ? 1 : supportsAlert(picture) ? 0.9 : 0.7);
  return Number.isFinite(product) ? Math.min(highest, Math.max(lowest, product)) : lowest;
}

function onsetFactor(since: Onset | undefined, suspected: Onset): number {
  if (since === undefined) return 0.95;
  const slackMs = Math.max(sameTimeMs, suspected.latestAt - suspected.earliestAt);
  const overlaps =
    since.earliestAt <= suspected.latestAt + slackMs &&
    since.latestAt >= suspected.earliestAt - slackMs;
  return overlaps ? 1 : 0.7;
}
