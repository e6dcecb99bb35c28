import { confidenceOf, logOdds, probabilityOf } from '../../agents/root-cause/confidence.ts';
import type { ConfidenceTraits, LogOdds } from '../../agents/root-cause/confidence.ts';
import { judge, tooThin } from '../../agents/root-cause/judge.ts';
import type { Statement } from '../../core/score/calibration.ts';
import type { DirectResult } from '../direct/investigate-directly.ts';

/** A charge whose confidence decided whether it was stated. */
export interface Weighed {
  readonly traits: ConfidenceTraits;
  readonly isRight: boolean;
  /** What was done to the system: those of one kind are left out together. */
  readonly fault: string;
}

/** What the confidence of the first charge rests on; null where something else than confidence decided the verdict. */
export function weighedTraits({
  brief,
  observations,
}: Pick<DirectResult, 'brief' | 'observations'>): ConfidenceTraits | null {
  const { traits, verdict, because } = judge(brief, observations);
  return verdict === 'cause-found' || because === tooThin ? traits : null;
}

/** What is fitted, and which way it may pull; the other weights stay as they are. */
const signs = {
  strength: 1,
  lead: 1,
  notAtTheEnd: -1,
  atAnotherTime: -1,
  changeFits: 1,
} as const;
type Fitted = keyof typeof signs;
const fitted = Object.keys(signs) as Fitted[];
const ridge = 1;
const steps = 2_000;
const stepSize = 0.2;

/** Fits weights by logistic regression with given signs and a ridge penalty of 1, of which the base is free: projected gradient descent. Of nothing they stay as they are. */
export function fitLogOdds(weighed: readonly Weighed[]): LogOdds {
  if (weighed.length === 0) return logOdds;
  const pace = stepSize / weighed.length;
  let weights: LogOdds = { ...logOdds, base: 0, ...mapFitted(() => 0) };
  for (let step = 0; step < steps; step += 1) {
    const errors = weighed.map((one) => probabilityOf(one.traits, weights) - Number(one.isRight));
    const slopeOf = (valueOf: (traits: ConfidenceTraits) => number): number =>
      weighed.reduce((sum, { traits }, index) => sum + (errors[index] ?? 0) * valueOf(traits), 0);
    weights = {
      ...weights,
      base: weights.base - pace * slopeOf(() => 1),
      ...mapFitted((name) => {
        const slope = slopeOf((traits) => traits[name]) + ridge * weights[name];
        const moved = weights[name] - pace * slope;
        return signs[name] * Math.max(0, signs[name] * moved);
      }),
    };
  }
  return weights;
}

function mapFitted(valueOf: (name: Fitted) => number): Record<Fitted, number> {
  return Object.fromEntries(fitted.map((name) => [name, valueOf(name)])) as Record<Fitted, number>;
}

/** Says how sure each charge would be if its kind of fault had never been seen: fitted anew without it. Of one kind alone there is nothing to say. */
export function leaveOneFaultOut(weighed: readonly Weighed[]): readonly Statement[] {
  return [...new Set(weighed.map(({ fault }) => fault))].flatMap((left) => {
    const others = weighed.filter(({ fault }) => fault !== left);
    if (others.length === 0) return [];
    const weights = fitLogOdds(others);
    return weighed
      .filter(({ fault }) => fault === left)
      .map(({ traits, isRight }) => ({ confidence: confidenceOf(traits, weights), isRight }));
  });
}
