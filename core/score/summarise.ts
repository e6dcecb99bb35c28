import { mean, median } from '../analysis/quantiles.ts';
import { calibrate } from './calibration.ts';
import type { Calibration } from './calibration.ts';
import type { Grade } from './grade-report.ts';
import { wilson } from './wilson.ts';

/** A share of `n` cases with its 95 % interval; null of none. */
export interface Share {
  readonly ratio: number | null;
  readonly n: number;
  readonly low: number;
  readonly high: number;
}

/** The middle of some numbers and their ends; null of none. */
export interface Spread {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

export interface Summary {
  readonly cases: number;
  /** Cases in which something is to be found; the others are healthy. */
  readonly withCause: number;
  readonly candidates: Spread | null;
  /** Strictly right: the verdict and, of the first cause, all that the truth names. */
  readonly right: Share;
  /** AC@1, AC@3 and AC@5: a right entity is among the first so many of the ranking; and what guessing among the candidates gives. */
  readonly accuracyAt: readonly (Share & {
    readonly k: number;
    readonly byChance: number | null;
  })[];
  /** The mean of AC@1 to AC@5, and what guessing gives. */
  readonly averageAt5: { readonly ratio: number | null; readonly byChance: number | null };
  /** The first stated cause is the right entity, of the cases with a cause. */
  readonly entityRight: Share;
  /** Of those with the right entity: the fault kind, and the change, that the truth names. */
  readonly faultRight: Share;
  readonly changeRight: Share;
  /** No cause was stated, of the cases with a cause. */
  readonly abstained: Share;
  /** Not strictly right, of all answers that state a cause. */
  readonly falseCause: Share;
  /** A cause was stated, of the healthy cases. */
  readonly healthyBlamed: Share;
  readonly calibration: Calibration | null;
  readonly onset: {
    readonly inside: Share;
    readonly errorSeconds: Spread | null;
    readonly widthSeconds: Spread | null;
  };
  readonly seconds: Spread | null;
  readonly peakMemoryBytes: number | null;
}

const places = [1, 2, 3, 4, 5] as const;

/** Counts grades, one a case, in whatever order. */
export function summarise(grades: readonly Grade[]): Summary {
  const sick = grades.filter(({ hits }) => hits !== null);
  const healthy = grades.filter(({ hits }) => hits === null);
  const stated = grades.filter(({ cause }) => cause !== null);
  const onsets = grades.flatMap(({ onset }) => onset ?? []);
  const byChance = places.map((k) => chanceAt(sick, k));
  return {
    cases: grades.length,
    withCause: sick.length,
    candidates: spreadOf(grades.map(({ candidates }) => candidates)),
    right: shareOf(grades.map(({ isRight }) => isRight)),
    accuracyAt: ([1, 3, 5] as const).map((k) => ({
      k,
      ...shareOf(sick.map(({ hits }) => hits?.[k - 1] ?? 0)),
      byChance: byChance[k - 1] ?? null,
    })),
    averageAt5: {
      ratio: finite(mean(sick.map(({ hits }) => mean(hits ?? [])))),
      byChance: finite(mean(byChance.map((chance) => chance ?? Number.NaN))),
    },
    entityRight: shareOf(sick.map(({ isEntityRight }) => isEntityRight === true)),
    faultRight: shareOf(grades.flatMap(({ isFaultRight }) => isFaultRight ?? [])),
    changeRight: shareOf(grades.flatMap(({ isChangeRight }) => isChangeRight ?? [])),
    abstained: shareOf(sick.map(({ cause }) => cause === null)),
    falseCause: shareOf(stated.map(({ isRight }) => !isRight)),
    healthyBlamed: shareOf(healthy.map(({ cause }) => cause !== null)),
    calibration: calibrate(
      stated.flatMap(({ cause, isRight }) => {
        const confidence = cause?.confidence ?? null;
        return confidence === null ? [] : [{ confidence, isRight }];
      }),
    ),
    onset: {
      inside: shareOf(onsets.map(({ errorSeconds }) => errorSeconds === 0)),
      errorSeconds: spreadOf(onsets.map(({ errorSeconds }) => errorSeconds)),
      widthSeconds: spreadOf(onsets.map(({ widthSeconds }) => widthSeconds)),
    },
    seconds: spreadOf(grades.map(({ seconds }) => seconds)),
    peakMemoryBytes: spreadOf(grades.map((grade) => grade.peakMemoryBytes))?.most ?? null,
  };
}

/** What guessing gives, over the cases whose number of candidates is known. */
function chanceAt(sick: readonly Grade[], k: number): number | null {
  const chances = sick.flatMap(({ candidates }) =>
    candidates === null ? [] : [Math.min(1, k / candidates)],
  );
  return finite(mean(chances));
}

/** Gives the share of outcomes that hold; an expected hit counts in part. */
export function shareOf(outcomes: readonly (boolean | number)[]): Share {
  const ratio = mean(outcomes.map(Number));
  return { ratio: finite(ratio), n: outcomes.length, ...wilson(ratio, outcomes.length) };
}

function spreadOf(values: readonly (number | null)[]): Spread | null {
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return null;
  return { median: median(known), least: Math.min(...known), most: Math.max(...known) };
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
