import type { Onset } from '../../core/schemas/primitives.ts';
import { presenceOf } from '../shared/coverage.ts';
import type { Voice } from '../shared/facts.ts';
import { supportsAlert } from '../shared/picture.ts';
import type { Picture } from '../shared/picture.ts';
import { needsNoUser } from '../shared/stated-fault.ts';
import type { Charge } from './bring-charge.ts';

const kinds: readonly Voice[] = ['metrics', 'traces', 'logs', 'changes'];
const lowest = 0.05;
const highest = 0.98;
const sameTimeMs = 30_000;
const mostLead = 20;

/** What speaks for the first charge, and against it: each a number that the log-odds are linear in. */
export interface ConfidenceTraits {
  /** ln(1 + strength of the furthest single shift). */
  readonly strength: number;
  /** ln of the lead over the runner-up, at most 20 times. */
  readonly lead: number;
  /** 1 where the walk did not end at the charged entity. */
  readonly notAtTheEnd: number;
  /** 1 where it did not begin when users began to feel it. */
  readonly atAnotherTime: number;
  /** 1 where a change accounts for it. */
  readonly changeFits: number;
  /** 1 where a change could, but its effect could not be tested. */
  readonly changeUntested: number;
  /** 1 where the kind of fault is not known. */
  readonly faultUnknown: number;
  /** 1 where no user felt anything and no platform states it. */
  readonly nobodyFeltIt: number;
  /** ln of how many kinds of telemetry say it. */
  readonly kindsThatSayIt: number;
  /** The share of kinds of telemetry that were not there. */
  readonly kindsThatAreMissing: number;
}

/** What each trait adds to the log-odds that the first charge is right, and what they start from. */
export type LogOdds = ConfidenceTraits & { readonly base: number };

/**
 * The base and the first five were fitted once by logistic regression to recorded incidents and healthy windows of several systems, and rounded; `bench -- rca` prints them beside
 * the fit to the answers of its run, and how far that holds for kinds of fault that it has not seen. The others are small allowances that the incidents at hand cannot tell.
 */
export const logOdds: LogOdds = {
  base: -0.2,
  strength: 1,
  lead: 0.45,
  notAtTheEnd: -1.5,
  atAnotherTime: -0.5,
  changeFits: 0.3,
  changeUntested: -0.3,
  faultUnknown: -0.2,
  nobodyFeltIt: -0.2,
  kindsThatSayIt: 0.2,
  kindsThatAreMissing: -0.5,
};

/** Reads off what confidence in the first charge rests on; null where there is none. */
export function confidenceTraits(
  picture: Picture,
  charges: readonly Charge[],
): ConfidenceTraits | null {
  const [leading, second] = charges;
  if (leading === undefined) return null;
  const { suspect, fit } = leading;
  const lead = suspect.score / Math.max(second?.suspect.score ?? 0, 0.01);
  const voices = new Set(leading.facts.map(({ voice }) => voice));
  if (fit?.kind === 'fits') voices.add('changes');
  // What the platform itself says and dates needs no user who felt it, and may be older than the alert.
  const [main] = leading.facts;
  const isStated = main !== undefined && needsNoUser(picture, main);
  const isFelt = picture.brief.symptomatic || isStated || supportsAlert(picture);
  const missing = kinds.filter((kind) => presenceOf(picture.brief, kind) !== 'present').length;
  return {
    strength: Math.log1p(suspect.strength),
    lead: Math.log(Math.min(mostLead, Math.max(1, lead))),
    notAtTheEnd: Number(suspect.place !== 'end'),
    atAnotherTime: Number(!isStated && !isAtOnce(leading.since, picture.brief.suspected)),
    changeFits: Number(fit?.kind === 'fits'),
    changeUntested: Number(fit?.kind === 'untested'),
    faultUnknown: Number(leading.faultKind === 'unknown'),
    nobodyFeltIt: Number(!isFelt),
    kindsThatSayIt: Math.log(Math.max(1, voices.size)),
    kindsThatAreMissing: missing / kinds.length,
  };
}

/** The probability, in [0, 1], that a charge with these traits is right. */
export function probabilityOf(traits: ConfidenceTraits, weights: LogOdds): number {
  const names = Object.keys(traits) as (keyof ConfidenceTraits)[];
  const sum = names.reduce((total, name) => total + weights[name] * traits[name], weights.base);
  return 1 / (1 + Math.exp(-sum));
}

/** The same squeezed into [0.05, 0.98], as nobody is surer than that from outside: what is more likely stays so. */
export function confidenceOf(traits: ConfidenceTraits | null, weights = logOdds): number {
  if (traits === null) return lowest;
  const probability = probabilityOf(traits, weights);
  return Number.isFinite(probability) ? lowest + (highest - lowest) * probability : lowest;
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
