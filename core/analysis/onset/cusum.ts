/** What a healthy sequence is like, and how much of a departure the chart accumulates. */
export interface CusumOptions {
  readonly centre: number;
  /** Standard deviation, or a robust stand-in; > 0. */
  readonly scale: number;
  /** Slack in units of `scale` that each value may deviate without counting; 0.5 is usual. */
  readonly slack: number;
  /** Accumulated deviation, in units of `scale`, that raises the alarm; 4 to 5 is usual. */
  readonly threshold: number;
  /** The most that one value may count, in units of `scale`; keeps one stray value from raising the alarm. */
  readonly limit: number;
}

/** `startIndex` is the first value of the run that led to the alarm at `alarmIndex`. */
export interface CusumAlarm {
  readonly startIndex: number;
  readonly alarmIndex: number;
}

/**
 * Runs a one-sided cumulative sum chart over values, for a rise or a fall, and returns its first alarm; null when there is none. Values that
 * are not finite count as the centre. O(n). Source: Page, "Continuous Inspection Schemes" (1954), in the tabular form of the NIST/SEMATECH
 * handbook, section 6.3.2.3; robust in that one value counts `limit` at most.
 */
export function cusumAlarm(
  values: readonly number[],
  direction: 'up' | 'down',
  options: CusumOptions,
): CusumAlarm | null {
  const sign = direction === 'up' ? 1 : -1;
  let sum = 0;
  let startIndex = 0;
  for (const [index, value] of values.entries()) {
    const deviation = (sign * (value - options.centre)) / options.scale;
    const counted = Number.isFinite(deviation) ? Math.min(deviation, options.limit) : 0;
    if (sum === 0) startIndex = index;
    sum = Math.max(0, sum + counted - options.slack);
    if (sum > options.threshold) return { startIndex, alarmIndex: index };
  }
  return null;
}
