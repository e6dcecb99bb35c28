import type { Series } from '../../ports/telemetry.ts';
import { wordsOf } from './metric-meaning.ts';
import { ownValue } from '../../own-value.ts';

/** Units that a metric's name ends with, after the naming rules of Prometheus and the habits of others; UCUM on the right, as OpenTelemetry writes units. */
const bySuffix: Readonly<Record<string, string>> = {
  seconds: 's',
  second: 's',
  secs: 's',
  milliseconds: 'ms',
  millis: 'ms',
  ms: 'ms',
  microseconds: 'us',
  micros: 'us',
  us: 'us',
  nanoseconds: 'ns',
  ns: 'ns',
  bytes: 'By',
  kb: 'KBy',
  kib: 'KiBy',
  mb: 'MBy',
  mib: 'MiBy',
  ratio: '1',
  percent: '%',
  percentage: '%',
  pct: '%',
};
/** What may follow the unit in a name. */
const after: ReadonlySet<string> = new Set(['total', 'sum', 'avg', 'max', 'min', 'mean']);
const percentile = /^p\d{1,4}$/;

/**
 * Gives the unit of a series: the one that it has, else the one that its name ends with, else `1` or `%` for a share of failures or of a resource whose
 * values can be nothing else; empty where nobody can tell.
 */
function unitOfSeries(series: Pick<Series, 'unit' | 'metric' | 'values'>): string {
  if (series.unit !== null && series.unit !== '') return series.unit;
  const words = [...wordsOf(series.metric)].filter((word) => !word.includes('_'));
  const tail = words.filter((word) => !after.has(word) && !percentile.test(word)).at(-1);
  const named = tail === undefined ? undefined : bySuffix[tail];
  return named ?? shareUnit(words, series.values);
}

const failing = ['error', 'errors', 'failure', 'failures', 'fault', 'faults', '5xx', 'cancelled'];
const sharing = ['rate', 'utilization', 'utilisation', 'usage', 'used', 'availability'];

function shareUnit(words: readonly string[], values: readonly number[]): string {
  if (!words.some((word) => sharing.includes(word))) return '';
  const finite = values.filter((value) => Number.isFinite(value));
  const isAtMost = (most: number): boolean =>
    finite.length > 0 && finite.every((value) => value >= 0 && value <= most);
  const isFailing = words.some((word) => failing.includes(word));
  if (isFailing) return isAtMost(1) ? '1' : '';
  if (words.includes('rate')) return '';
  return isAtMost(1) ? '1' : isAtMost(100) ? '%' : '';
}

/** A fall to under half is a counter that began anew. */
function onlyGrows(values: readonly number[]): boolean {
  const finite = values.filter((value) => Number.isFinite(value));
  return finite.every((value, index) => {
    const before = finite[index - 1] ?? value;
    return value >= before || value < before / 2;
  });
}

/** What statistics are called elsewhere, e.g. by CloudWatch. */
const statistics: Readonly<Record<string, string>> = {
  average: 'avg',
  mean: 'avg',
  maximum: 'max',
  minimum: 'min',
  samplecount: 'count',
};

function statisticOf({ statistic }: Series): string | null {
  const word = statistic?.toLowerCase() ?? null;
  return word === null ? null : (ownValue(statistics, word) ?? word);
}

/**
 * Fills in what a series' name says where the series itself says nothing: its unit, and that what Prometheus calls a total is a counter, if it only grows. Statistics get the name that we know them by.
 * Source: the naming rules of Prometheus (prometheus.io/docs/practices/naming).
 */
export function withConventions(series: Series): Series {
  const isTotal = series.kind === 'gauge' && wordsOf(series.metric).has('total');
  return {
    ...series,
    statistic: statisticOf(series),
    unit: unitOfSeries(series),
    kind: isTotal && onlyGrows(series.values) ? 'counter' : series.kind,
  };
}
