import type { Series } from '../../ports/telemetry.ts';
import type { Aspect } from '../../schemas/digest.ts';
import { ownValue } from '../../own-value.ts';

/**
 * What a series measures. `floor` is the smallest difference that matters, in the unit of the series after conversion; null when only the
 * series' own range can tell. `isOutgoing` is set for what a caller measures of its calls. `reading` says how samples become levels: a
 * `total` runs up and becomes a rate, `restarts` count from the first sample, an `uptime` that falls back is a restart, a `count` is of one interval, a
 * share of `success` leaves what fails, a `level` is taken as it is.
 */
export interface MetricMeaning {
  readonly aspect: Aspect;
  readonly floor: number | null;
  readonly isOutgoing: boolean;
  readonly reading: 'level' | 'total' | 'count' | 'restarts' | 'uptime' | 'success';
}

type SeriesHead = Pick<Series, 'metric' | 'statistic' | 'unit' | 'kind'>;

interface Row {
  readonly aspect: Aspect;
  /** Words of the metric's name; one is enough. */
  readonly words: readonly string[];
  /** Smallest difference that matters by unit; `*` for any other. */
  readonly floors: Readonly<Record<string, number>>;
}

/** Ratios and percentages that resources are measured in: so many points. */
const points = (count: number): Readonly<Record<string, number>> => ({
  '1': count / 100,
  '%': count,
  percent: count,
});
const time = (ms: number): Readonly<Record<string, number>> => ({
  s: ms / 1_000,
  ms,
  us: ms * 1_000,
  ns: ms * 1_000_000,
});
const bytes = (count: number): Readonly<Record<string, number>> => ({
  By: count,
  bytes: count,
  KBy: count / 1e3,
  KiBy: count / 1_024,
  MBy: count / 1e6,
  MiBy: count / 1_048_576,
  MB: count / 1e6,
});

/**
 * The table by which metrics are understood, first match first: words of the name, split at punctuation and at capitals, after the semantic
 * conventions of OpenTelemetry, Prometheus exporters and cloud providers.
 */
const table: readonly Row[] = [
  { aspect: 'restarts', words: ['uptime'], floors: { '*': 0.1 } },
  { aspect: 'restarts', words: ['restart', 'restarts', 'restartcount'], floors: { '*': 0.25 } },
  {
    aspect: 'event-loop',
    words: ['eventloop', 'event_loop'],
    floors: { ...points(10), ...time(10) },
  },
  {
    aspect: 'connections',
    words: ['connection', 'connections', 'pool', 'conns', 'sockets'],
    floors: { '*': 2 },
  },
  {
    aspect: 'cpu',
    words: ['cpu', 'processor', 'vcpu', 'throttled', 'throttling'],
    floors: { ...points(5), s: 0.05, cores: 0.05, '{cpu}': 0.05 },
  },
  {
    aspect: 'memory',
    words: ['memory', 'mem', 'heap', 'rss', 'swap', 'oom', 'gc'],
    floors: { ...points(2), ...bytes(8e6), ...time(20) },
  },
  {
    aspect: 'disk',
    words: ['disk', 'filesystem', 'fs', 'iops', 'volume', 'storage', 'diskio', 'inode', 'inodes'],
    floors: { ...points(2), ...bytes(8e6) },
  },
  {
    aspect: 'error-ratio',
    words: [
      'error',
      'errors',
      'failure',
      'failures',
      'failed',
      'fault',
      'faults',
      'availability',
      'success_rate',
      'success_ratio',
      '5xx',
    ],
    floors: points(2),
  },
  {
    aspect: 'duration',
    words: [
      'duration',
      'latency',
      'elapsed',
      'responsetime',
      'response_time',
      'rtt',
      'request_time',
    ],
    floors: time(5),
  },
  {
    aspect: 'traffic',
    words: ['requests', 'request', 'throughput', 'rps', 'qps', 'hits', 'calls', 'invocations'],
    floors: {},
  },
];

const requestAspects: ReadonlySet<Aspect> = new Set<Aspect>(['duration', 'traffic', 'error-ratio']);

/** Words that make a count of requests a level and not traffic. */
const levelWords = ['active', 'pending', 'inflight', 'in_flight', 'queued', 'queue', 'max', 'size'];

const isUpper = (code: number): boolean => code >= 65 && code <= 90;
const isLower = (code: number): boolean => code >= 97 && code <= 122;
const isWordCode = (code: number): boolean =>
  (code >= 48 && code <= 57) || isLower(code) || isUpper(code);

/** Splits a metric's name into lower-case words, with each pair of neighbours joined by `_` as a word too. */
export function wordsOf(metric: string): ReadonlySet<string> {
  const words: string[] = [];
  let word = '';
  const finish = (): void => {
    if (word !== '') words.push(word.toLowerCase());
    word = '';
  };
  for (let index = 0; index < Math.min(metric.length, 300); index += 1) {
    const code = metric.charCodeAt(index);
    const isFirst = isUpper(code) && !isUpper(metric.charCodeAt(index - 1));
    // The last capital of several begins the next word: CPUUtilization.
    const isNext = isUpper(code) && isLower(metric.charCodeAt(index + 1));
    if (!isWordCode(code) || isFirst || isNext) finish();
    if (isWordCode(code)) word += metric.charAt(index);
  }
  finish();
  return new Set([...words, ...words.slice(1).map((next, index) => `${words[index]}_${next}`)]);
}

/** Tells what a series measures, from its name, unit, kind and statistic; `other-metric` when the table does not know it. */
export function meaningOf(series: SeriesHead): MetricMeaning {
  const words = wordsOf(series.metric);
  const isOutgoing = words.has('client');
  const reading = readingOf(series);
  const row = table.find((one) => one.words.some((word) => words.has(word)));
  if (series.statistic === 'count') {
    const isTimed = series.kind === 'histogram' || words.has('duration') || words.has('latency');
    if (isTimed) {
      const aspect = isOfResource(row) ? 'other-metric' : 'traffic';
      return { aspect, floor: null, isOutgoing, reading };
    }
  }
  // Time added up over requests grows with their number as well.
  const isAddedUp = series.statistic === 'sum' && row?.aspect === 'duration';
  if (row === undefined || isAddedUp)
    return { aspect: 'other-metric', floor: null, isOutgoing, reading };
  const isLevelOfRequests =
    row.aspect === 'traffic' && reading === 'level' && levelWords.some((word) => words.has(word));
  if (isLevelOfRequests) return { aspect: 'other-metric', floor: 2, isOutgoing, reading };
  const floor = ownValue(row.floors, series.unit ?? '') ?? row.floors['*'] ?? null;
  const isRate = reading === 'total' && row.aspect !== 'cpu' && row.aspect !== 'restarts';
  return {
    aspect: row.aspect,
    // Floors are of levels; only for a processor are those of its running total, seconds a second, the same.
    floor: isRate ? null : floor,
    isOutgoing: isOutgoing && row.aspect !== 'connections',
    reading: specialReading(row.aspect, words) ?? reading,
  };
}

const successWords = ['availability', 'success_rate', 'success_ratio'];

function specialReading(
  aspect: Aspect,
  words: ReadonlySet<string>,
): MetricMeaning['reading'] | null {
  if (aspect === 'restarts') return words.has('uptime') ? 'uptime' : 'restarts';
  return successWords.some((word) => words.has(word)) ? 'success' : null;
}

/** What is timed of a resource, such as the pauses of a collector, is not a request that somebody sent. */
function isOfResource(row: Row | undefined): boolean {
  return row !== undefined && !requestAspects.has(row.aspect);
}

function readingOf({ kind, statistic }: SeriesHead): MetricMeaning['reading'] {
  if (kind === 'counter') return 'total';
  return statistic === 'count' || statistic === 'sum' ? 'count' : 'level';
}
