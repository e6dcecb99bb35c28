import { mean } from '../analysis/quantiles.ts';

/** What was said to be the case, how surely in [0, 1], and whether it was. */
export interface Statement {
  readonly confidence: number;
  readonly isRight: boolean;
}

export interface CalibrationBin {
  readonly from: number;
  readonly to: number;
  readonly n: number;
  /** The mean confidence, and the share that was right. */
  readonly saidRatio: number;
  readonly rightRatio: number;
}

export interface Calibration {
  readonly n: number;
  /** Those that hold anything. */
  readonly bins: readonly CalibrationBin[];
  /** Expected calibration error: by how much confidence and share of right answers differ in a bin, weighed by what it holds. */
  readonly expectedError: number;
  /** Mean squared difference of confidence and outcome; and that of always saying the share that was right. */
  readonly brier: number;
  readonly brierOfMean: number;
}

/** Equal widths; the last one includes 1. */
export const calibrationBins = 10;

/**
 * Measures how far confidence can be taken at its word; null of nothing. Sources: Brier, "Verification of forecasts expressed in terms of probability" (1950);
 * Naeini, Cooper and Hauskrecht, "Obtaining well calibrated probabilities using Bayesian binning" (2015). With few statements a bin the error is mostly chance, and too large.
 */
export function calibrate(statements: readonly Statement[]): Calibration | null {
  const n = statements.length;
  if (n === 0) return null;
  const bins = Array.from({ length: calibrationBins }, (_, index) => binOf(statements, index));
  const filled = bins.filter((bin) => bin.n > 0);
  const rightRatio = mean(statements.map(outcomeOf));
  return {
    n,
    bins: filled,
    expectedError: filled.reduce(
      (sum, bin) => sum + (bin.n / n) * Math.abs(bin.saidRatio - bin.rightRatio),
      0,
    ),
    brier: mean(statements.map((one) => (one.confidence - outcomeOf(one)) ** 2)),
    brierOfMean: rightRatio * (1 - rightRatio),
  };
}

function binOf(statements: readonly Statement[], index: number): CalibrationBin {
  const held = statements.filter(
    ({ confidence }) =>
      Math.min(calibrationBins - 1, Math.floor(confidence * calibrationBins)) === index,
  );
  return {
    from: index / calibrationBins,
    to: (index + 1) / calibrationBins,
    n: held.length,
    saidRatio: mean(held.map(({ confidence }) => confidence)),
    rightRatio: mean(held.map(outcomeOf)),
  };
}

function outcomeOf({ isRight }: Statement): number {
  return isRight ? 1 : 0;
}
