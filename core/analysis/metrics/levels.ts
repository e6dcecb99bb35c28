import type { Series } from '../../ports/telemetry.ts';
import { counterRates, looksCumulative } from '../counter-rates.ts';
import type { Samples } from '../counter-rates.ts';
import type { MetricMeaning } from './metric-meaning.ts';

/** Turns the samples of a series into levels that can be compared, with their unit. */
export function levelsOf(
  series: Series,
  meaning: MetricMeaning,
): { readonly levels: Samples; readonly unit: string } {
  const unit = series.unit ?? '';
  const { atMs, values } = series;
  switch (meaning.reading) {
    case 'level':
      return { levels: { atMs, values }, unit };
    case 'success': {
      const isPercent = unit === '%' || values.some((value) => value > 1);
      const whole = isPercent ? 100 : 1;
      return {
        levels: { atMs, values: values.map((value) => whole - value) },
        unit: isPercent ? '%' : '1',
      };
    }
    case 'restarts': {
      const first = values.find((value) => Number.isFinite(value)) ?? 0;
      return { levels: { atMs, values: values.map((value) => value - first) }, unit };
    }
    case 'uptime':
      return { levels: { atMs, values: restartsSeen(values) }, unit: '{restart}' };
    case 'count':
      return looksCumulative(values)
        ? { levels: counterRates(series), unit: perSecond(unit) }
        : { levels: { atMs, values }, unit };
    case 'total':
      return { levels: counterRates(series), unit: perSecond(unit) };
  }
}

/** How often a process had begun anew by each sample: its uptime fell back. */
function restartsSeen(uptimes: readonly number[]): number[] {
  let restarts = 0;
  return uptimes.map((uptime, index) => {
    if (uptime < (uptimes[index - 1] ?? uptime)) restarts += 1;
    return restarts;
  });
}

/** Seconds a second are a ratio: the rate of a processor's time is its utilisation. */
const perSecond = (unit: string): string => (unit === 's' ? '1' : `${unit === '' ? '1' : unit}/s`);
