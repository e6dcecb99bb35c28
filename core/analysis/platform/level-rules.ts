import type { Series } from '../../ports/telemetry.ts';
import type { FaultKind } from '../../schemas/fault-kind.ts';
import { wordsOf } from '../metrics/metric-meaning.ts';
import { median } from '../quantiles.ts';
import type { Condition } from './condition.ts';
import { ownValue } from '../../own-value.ts';

/** A level at which a resource is used up. */
interface LevelRule {
  readonly faultKind: FaultKind;
  /** Words of the metric's name: one of each group. */
  readonly words: readonly (readonly string[])[];
  readonly measure: Measure;
  /** `peak` is the highest level of the series. */
  readonly isBeyond: (level: number, peak: number) => boolean;
  /** Whether a level is far from the one that is usual: what stands beyond as it always did is no trouble that began. */
  readonly isWorse: (level: number, usual: number) => boolean;
}

/** Shares are of 1, times in seconds, sizes in bytes. */
type Measure = 'share' | 'time' | 'size' | 'count';
type Judging = Pick<LevelRule, 'isBeyond' | 'isWorse'>;

const used = ['utilization', 'utilisation', 'usage', 'used', 'percent', 'pct'];
const left = ['free', 'freeable', 'available', 'remaining'];

/** What fills up: at most half of the room that is usual is left. */
const fillsTo = (limit: number): Judging => ({
  isBeyond: (level) => level >= limit,
  isWorse: (level, usual) => usual < 1 && 1 - level <= (1 - usual) / 2,
});
/** What grows: to so many times the usual at least. */
const growsTo = (limit: number, times: number): Judging => ({
  isBeyond: (level) => level >= limit,
  isWorse: (level, usual) => level >= times * usual,
});
const isHalved = (level: number, usual: number): boolean => usual > 0 && level <= usual / 2;
/** What runs out: hardly anything is left of the most that there was; of nothing, nothing can run out. */
const runsOut: Judging = {
  isBeyond: (level, peak) => peak > 0 && level <= 0.05 * peak,
  isWorse: isHalved,
};

/** After the metrics of CloudWatch, the node exporter and OpenTelemetry's semantic conventions for systems, and the thresholds that their guides recommend. */
const rules: readonly LevelRule[] = [
  { faultKind: 'cpu-saturation', words: [['cpu'], used], measure: 'share', ...fillsTo(0.85) },
  {
    faultKind: 'memory-exhaustion',
    words: [['memory', 'mem', 'heap'], used],
    measure: 'share',
    ...fillsTo(0.95),
  },
  {
    faultKind: 'memory-exhaustion',
    words: [['memory', 'mem'], left],
    measure: 'size',
    ...runsOut,
  },
  {
    faultKind: 'disk-full',
    words: [['disk', 'storage', 'filesystem', 'volume'], used],
    measure: 'share',
    ...fillsTo(0.95),
  },
  {
    faultKind: 'disk-full',
    words: [['disk', 'storage', 'filesystem', 'volume'], left],
    measure: 'size',
    ...runsOut,
  },
  {
    faultKind: 'disk-io',
    words: [
      ['disk_queue', 'queue_depth', 'queue_length'],
      ['disk', 'volume', 'io'],
    ],
    measure: 'count',
    ...growsTo(10, 10),
  },
  {
    faultKind: 'disk-io',
    words: [['burst_balance', 'io_balance', 'byte_balance']],
    measure: 'share',
    isBeyond: (level) => level <= 0.05,
    isWorse: isHalved,
  },
  {
    faultKind: 'replication-lag',
    words: [['replica_lag', 'replication_lag', 'replica_delay', 'seconds_behind']],
    measure: 'time',
    ...growsTo(60, 2),
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
const staleMs = 15 * 60_000;

/**
 * Reads a series as a resource that is used up now and was not before: its latest samples, three at least, all stand beyond the level of a rule, and far
 * from what was usual in the samples before them: what was never otherwise is how it always stands. What ends before `now` by more than a quarter of an hour
 * is over. Null where no rule speaks of the metric.
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
  const { latestAt, peak } = extentOf(series, factor);
  // Most series end within bounds: those are not put in order first.
  const isBeyondNow = values.some(
    (value, index) => atMs[index] === latestAt && rule.isBeyond(value * factor, peak),
  );
  if (!isBeyondNow) return null;
  const samples = values
    .map((value, index) => ({ level: value * factor, at: atMs[index] ?? Number.NaN }))
    .filter(({ level, at }) => Number.isFinite(level) && Number.isFinite(at))
    .sort((one, other) => one.at - other.at || one.level - other.level);
  const calmCount = samples.findLastIndex(({ level }) => !rule.isBeyond(level, peak)) + 1;
  const [before, run] = [samples.slice(0, calmCount), samples.slice(calmCount)];
  const [first, last] = [run[0], run.at(-1)];
  if (first === undefined || last === undefined || last.at < now - staleMs) return null;
  if (run.length < leastRun || before.length === 0) return null;
  if (!rule.isWorse(usualOf(run), usualOf(before))) return null;
  const latest = last.level / factor;
  return {
    entity: { kind: 'service', name: service },
    faultKind: rule.faultKind,
    detail: `${metric} stands at ${Number(latest.toPrecision(3))} ${unit ?? ''}`.trim(),
    count: run.length,
    firstAt: first.at,
    lastAt: last.at,
    isOver: false,
  };
}

const usualOf = (samples: readonly { readonly level: number }[]): number =>
  median(samples.map(({ level }) => level));

/** The highest level of a series, and when it ends. */
function extentOf({ values, atMs }: Series, factor: number) {
  let [peak, latestAt] = [-Infinity, -Infinity];
  for (let index = 0; index < values.length; index += 1) {
    const level = (values[index] ?? Number.NaN) * factor;
    const at = atMs[index] ?? Number.NaN;
    if (!Number.isFinite(level) || !Number.isFinite(at)) continue;
    peak = Math.max(peak, level);
    latestAt = Math.max(latestAt, at);
  }
  return { peak, latestAt };
}
