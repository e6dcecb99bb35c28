import type { MetricRow } from './metric-rows.ts';
import type { Random } from './random.ts';

const minuteMs = 60_000;

function drawPoisson(random: Random, mean: number): number {
  let count = 0;
  for (let waited = random.exponential(1); waited < mean; waited += random.exponential(1))
    count += 1;
  return count;
}

/**
 * Generates the running totals of the gateway's good and bad requests for the hours before a recording, a reading a
 * minute, ending a minute before `untilMs`. Rates are the recording's own baseline rates; counts are drawn from
 * Poisson distributions, so they scatter as independent requests would.
 */
export function generateHistory(options: {
  readonly random: Random;
  readonly untilMs: number;
  readonly hours: number;
  readonly goodPerSecond: number;
  readonly badPerSecond: number;
  readonly instance: string;
}): readonly MetricRow[] {
  const { random, untilMs, goodPerSecond, badPerSecond } = options;
  const minutes = Math.round(options.hours * 60);
  const firstMs = untilMs - minutes * minuteMs;
  let good = 0;
  let bad = 0;
  return Array.from({ length: minutes }, (_unused, minute) => {
    if (minute > 0) {
      good += drawPoisson(random, goodPerSecond * 60);
      bad += drawPoisson(random, badPerSecond * 60);
    }
    const row = (outcome: string, value: number): MetricRow => ({
      timeMs: firstMs + minute * minuteMs,
      metric: 'shop.requests',
      value,
      service: 'gateway',
      instance: options.instance,
      peer: '',
      statistic: '',
      unit: '{request}',
      kind: 'counter',
      attributes: { outcome },
    });
    return [row('good', good), row('bad', bad)];
  }).flat();
}

/** The note in a case folder that says which of its hours never happened. */
export function historyReadme(hours: number): string {
  return `# About this recording

The traces, logs, changes and \`metrics.csv.gz\` were recorded from running processes.

\`history.csv.gz\` was **generated**: it holds the gateway's running totals of good and bad requests, one reading a
minute, for the ${hours} hours before the recording, drawn from the request rate and the error rate that the recording
itself had before its alert. The totals begin again at the start of the recording, as they do when a process restarts.
`;
}
