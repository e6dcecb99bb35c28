import type { Onset } from '../../core/schemas/primitives.ts';
import { presenceOf } from '../shared/coverage.ts';
import type { Voice } from '../shared/facts.ts';
import { supportsAlert } from '../shared/picture.ts';
import type { Picture } from '../shared/picture.ts';
import type { Charge } from './bring-charge.ts';

const kinds: readonly Voice[] = ['metrics', 'traces', 'logs', 'changes'];
const lowest = 0.05;
const highest = 0.98;
const sameTimeMs = 30_000;
const mostLead = 20;

/**
 * Log-odds that the first charge is right. Those of strength, lead, place, time and change were fitted by logistic regression with a ridge penalty of 1 to recorded incidents and
 * healthy windows of several systems, and the base then lowered by 0.4, because systems that nobody has seen are harder; the others are small allowances that the incidents at hand cannot
 * tell. `bench -- rca` measures how far they can be trusted.
 */
const logOdds = {
  base: -0.3,
  strength: 0.9,
  lead: 0.3,
  notAtTheEnd: -1,
  atAnotherTime: -0.4,
  changeFits: 0.3,
  changeUntested: -0.3,
  faultUnknown: -0.2,
  nobodyFeltIt: -0.2,
  kindsThatSayIt: 0.2,
  kindsThatAreMissing: -0.5,
} as const;

/**
 * Computes the probability, in [0.05, 0.98], that the first charge is right: how far out it is, the lead over the runner-up, whether the walk ended there, whether it began when the
 * symptom did, whether a change accounts for it, how many kinds of telemetry say so independently and how much of the telemetry was there.
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
  const isFelt = picture.brief.symptomatic || isStated || supportsAlert(picture);
  const missing = kinds.filter((kind) => presenceOf(picture.brief, kind) !== 'present').length;
  const isElsewhen = !isStated && !isAtOnce(leading.since, picture.brief.suspected);
  const sum =
    logOdds.base +
    logOdds.strength * Math.log1p(suspect.strength) +
    logOdds.lead * Math.log(Math.min(mostLead, Math.max(1, lead))) +
    (suspect.place === 'end' ? 0 : logOdds.notAtTheEnd) +
    (isElsewhen ? logOdds.atAnotherTime : 0) +
    (fit?.kind === 'fits' ? logOdds.changeFits : 0) +
    (fit?.kind === 'untested' ? logOdds.changeUntested : 0) +
    (leading.faultKind === 'unknown' ? logOdds.faultUnknown : 0) +
    (isFelt ? 0 : logOdds.nobodyFeltIt) +
    logOdds.kindsThatSayIt * Math.log(Math.max(1, voices.size)) +
    (logOdds.kindsThatAreMissing * missing) / kinds.length;
  const probability = 1 / (1 + Math.exp(-sum));
  return Number.isFinite(probability) ? Math.min(highest, Math.max(lowest, probability)) : lowest;
}

/** Whether what is charged began when users began to feel it; what cannot be dated may have. */
function isAtOnce(since: Onset | undefined, suspected: Onset): boolean {
  if (since === undefined) return true;
  const slackMs = Math.max(sameTimeMs, suspected.latestAt - suspected.earliestAt);
  return (
    since.earliestAt <= suspected.latestAt + slackMs &&
    since.latestAt >= suspected.earliestAt - slackMs
  );
}
