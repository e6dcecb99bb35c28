import type { Series } from '../../ports/telemetry.ts';
import type { FaultKind } from '../../schemas/fault-kind.ts';
import { wordsOf } from '../metrics/metric-meaning.ts';
import type { Condition } from './condition.ts';
import { ownValue } from '../../own-value.ts';

/** A level at which a resource is used up, whatever it was before. */
interface LevelRule {
  readonly faultKind: FaultKind;
  /** Words of the metric's name: one of each group. */
  readonly words: readonly (readonly string[])[];
  readonly measure: Measure;
  /** `peak` is the highest level of the series, `least` the lowest. */
  readonly isBeyond: (
    level: number,
    range: { readonly peak: number; readonly least: number },
  ) => boolean;
}

/** Shares are of 1, times in seconds, sizes in bytes. */
type Measure = 'share' | 'time' | 'size' | 'count';

const used = ['utilization', 'utilisation', 'usage', 'used', 'percent', 'pct'];
const left = ['free', 'freeable', 'available', 'remaining'];
const isFull = (level: number): boolean => level >= 0.95;
const isNearlyGone = (level: number, { peak }: { readonly peak: number }): boolean =>
  level <= 0.05 * peak;

/** After the metrics of CloudWatch, the node exporter and OpenTelemetry's semantic conventions for systems, and the thresholds that their guides recommend. */
const rules: readonly LevelRule[] = [
  {
    faultKind: 'cpu-saturation',
    words: [['cpu'], used],
    measure: 'share',
    isBeyond: (level) => level >= 0.85,
  },
  {
    faultKind: 'memory-exhaustion',
    words: [['memory', 'mem', 'heap'], used],
    measure: 'share',
    isBeyond: isFull,
  },
  {
    faultKind: 'memory-exhaustion',
    words: [['memory', 'mem'], left],
    measure: 'size',
    isBeyond: isNearlyGone,
  },
  {
    faultKind: 'disk-full',
    words: [['disk', 'storage', 'filesystem', 'volume'], used],
    measure: 'share',
    isBeyond: isFull,
  },
  {
    faultKind: 'disk-full',
    words: [['disk', 'storage', 'filesystem', 'volume'], left],
    measure: 'size',
    isBeyond: isNearlyGone,
  },
  {
    faultKind: 'disk-io',
    words: [
      ['disk_queue', 'queue_depth', 'queue_length'],
      ['disk', 'volume', 'io'],
    ],
    measure: 'count',
    isBeyond: (level, { least }) => level >= 10 && level >= 10 * least,
  },
  {
    faultKind: 'disk-io',
    words: [['burst_balance', 'io_balance', 'byte_balance']],
    measure: 'share',
    isBeyond: (level) => level <= 0.05,
  },
  {
    faultKind: 'replication-lag',
    words: [['replica_lag', 'replication_lag', 'replica_delay', 'seconds_behind']],
    measure: 'time',
    isBeyond: (level) => level >= 60,
  },
];

const units: Readonly<Record<string, readonly [Measure, number]>> = {
  '1': ['share', 1],
  '%': ['share', 0.01],
  percent: ['share', 0.01],
  s: ['time', 1],
  seconds: ['time', 1],
  ms: ['time', 0.001],
  milliseconds: ['time', 0.001],
  By: ['size', 1],
  bytes: ['size', 1],
  count: ['count', 1],
  '': ['count', 1],
};

const leastRun = 3;
/** What has stood beyond for longer without anything else known is how it always stands. */
const usualMs = 60 * 60_000;
const staleMs = 15 * 60_000;

/**
 * Reads a series as a resource that is used up now: its latest samples, three at least, all stand beyond the level of a rule. What is beyond all through
 * more than an hour is usual; what ends before `now` by more than a quarter of an hour is over. Null where no rule speaks of the metric.
 */
export function conditionOfLevel(series: Series, now: number): Condition | null {
  const { metric, unit, service, values, atMs } = series;
  if (service === null) return null;
  const [measure, factor] = ownValue(units, unit ?? '') ??
    ownValue(units, (unit ?? '').toLowerCase()) ?? [null, 1];
  const words = wordsOf(metric);
  const rule = rules.find(
    (one) =>
      one.measure === measure && one.words.every((group) => group.some((word) => words.has(word))),
  );
  if (rule === undefined) return null;
  const { latestAt, ...range } = extentOf(series, factor);
  // Most series end within bounds: those are not put in order first.
  const isBeyondNow = values.some(
    (value, index) => atMs[index] === latestAt && rule.isBeyond(value * factor, range),
  );
  if (!isBeyondNow) return null;
  const samples = values
    .map((value, index) => ({ level: value * factor, at: atMs[index] ?? Number.NaN }))
    .filter(({ level, at }) => Number.isFinite(level) && Number.isFinite(at))
    .sort((one, other) => one.at - other.at || one.level - other.level);
  const lastCalm = samples.findLastIndex(({ level }) => !rule.isBeyond(level, range));
  const run = samples.slice(lastCalm + 1);
  const [first, last] = [run[0], run.at(-1)];
  if (first === undefined || last === undefined || run.length < leastRun) return null;
  if (last.at < now - staleMs || (lastCalm < 0 && last.at - first.at > usualMs)) return null;
  const latest = last.level / factor;
  return {
    entity: { kind: 'service', name: service },
    faultKind: rule.faultKind,
    detail: `${metric} stands at ${Number(latest.toPrecision(3))} ${unit ?? ''}`.trim(),
    count: run.length,
    firstAt: lastCalm < 0 ? null : first.at,
    lastAt: last.at,
    isOver: false,
  };
}

/** The highest and lowest level of a series, and when it ends. */
function extentOf({ values, atMs }: Series, factor: number) {
  let [peak, least, latestAt] = [-Infinity, Infinity, -Infinity];
  for (let index = 0; index < values.length; index += 1) {
    const level = (values[index] ?? Number.NaN) * factor;
    const at = atMs[index] ?? Number.NaN;
    if (!Number.isFinite(level) || !Number.isFinite(at)) continue;
    peak = Math.max(peak, level);
    least = Math.min(least, level);
    latestAt = Math.max(latestAt, at);
  }
  return { peak, least, latestAt };
}
