/** Samples of one series: ascending instants in epoch milliseconds, and as many values. */
export interface Samples {
  readonly atMs: readonly number[];
  readonly values: readonly number[];
}

/**
 * Turns a running total into what was added per interval. A total that falls was reset, by a restart for instance, and counts from zero. Each
 * result stands at the end of its interval; samples that are not finite, negative, or no later than the one before are skipped, so the result
 * may be empty. O(n).
 */
export function counterIncreases(samples: Samples): Samples & {
  /** Length of each interval in seconds; > 0. */
  readonly seconds: readonly number[];
} {
  const atMs: number[] = [];
  const values: number[] = [];
  const seconds: number[] = [];
  let lastAt = Number.NaN;
  let last = Number.NaN;
  for (let index = 0; index < samples.atMs.length; index += 1) {
    const at = samples.atMs[index] ?? Number.NaN;
    const value = samples.values[index] ?? Number.NaN;
    if (!Number.isFinite(at) || !Number.isFinite(value) || value < 0) continue;
    const passed = (at - lastAt) / 1_000;
    if (passed <= 0) continue;
    if (Number.isFinite(last)) {
      atMs.push(at);
      values.push(value >= last ? value - last : value);
      seconds.push(passed);
    }
    lastAt = at;
    last = value;
  }
  return { atMs, values, seconds };
}

/** Turns a running total into rates per second; see `counterIncreases`. */
export function counterRates(samples: Samples): Samples {
  const { atMs, values, seconds } = counterIncreases(samples);
  return { atMs, values: values.map((value, index) => value / (seconds[index] ?? 1)) };
}

/**
 * Tells whether samples look like a running total and not like counts an interval: at least eight of them that, but for drops to under half
 * (resets), never fall, and of which at least every other one rises.
 */
export function looksCumulative(values: readonly number[]): boolean {
  let count = 0;
  let resets = 0;
  let rises = 0;
  let before = Number.NaN;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    count += 1;
    if (value > before) rises += 1;
    if (value < before) {
      if (value >= before / 2) return false;
      resets += 1;
    }
    before = value;
  }
  return count >= 8 && rises * 2 >= count - 1 && resets * 8 <= count;
}
