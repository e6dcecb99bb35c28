import type { Series } from '../../ports/telemetry.ts';
import type { Aspect } from '../../schemas/digest.ts';
import type { Entity, Onset } from '../../schemas/primitives.ts';
import { compareProportions } from '../compare-proportions.ts';
import { compareRates, dispersionOf } from '../compare-rates.ts';
import type { Samples } from '../counter-rates.ts';
import { clearScore } from '../shift.ts';
import type { Shift } from '../shift.ts';
import type { SplitWindow } from '../split-window.ts';
import { isInside, secondsOf } from '../stretches.ts';
import type { Stretches } from '../stretches.ts';
import { peerOf } from '../traces/peer.ts';
import { meaningOf } from './metric-meaning.ts';
import type { MetricMeaning } from './metric-meaning.ts';
import { failureOnset, trafficOnset } from './count-onset.ts';
import type { RequestCounts } from './request-counts.ts';
import type { SeriesShift } from './series-shift.ts';

/** One thing that metrics say of a service, compared before and after; `peer` is set for what it says of its calls. */
export interface MetricShift {
  readonly service: string;
  readonly peer: Entity | null;
  readonly aspect: Aspect;
  readonly metric: string;
  readonly name: string;
  /** The name without attributes. */
  readonly shortName: string;
  readonly unit: string;
  readonly shift: Shift;
  readonly onset: Onset | null;
  /** What it was read from, for a chart. */
  readonly levels: Samples;
  readonly baseline: {
    readonly median: number;
    readonly low: number;
    readonly high: number;
  } | null;
}

const maxNameLength = 120;

const shortNameOf = ({ metric, statistic }: Series): string =>
  (statistic === null ? metric : `${metric} ${statistic}`).slice(0, maxNameLength);

/** Names a series among its siblings: metric, statistic, and the values of its attributes. */
export function seriesName(series: Series): string {
  const head = shortNameOf(series);
  const values = Object.entries(series.attributes)
    .filter(([, value]) => value !== '' && value.length <= 60)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([, value]) => value);
  const name = values.length === 0 ? head : `${head} {${values.join(', ')}}`;
  return name.slice(0, maxNameLength);
}

const edgeAspects: Readonly<Partial<Record<Aspect, Aspect>>> = {
  duration: 'edge-duration',
  'error-ratio': 'edge-error',
  traffic: 'edge-traffic',
};

/** The other end that a series speaks of: by its peer, or by its attributes when the caller measures. */
function peerOfSeries(
  series: Series,
  meaning: MetricMeaning,
  services: ReadonlySet<string>,
): Entity | null {
  const named = series.peer === null ? {} : { 'peer.service': series.peer };
  return series.peer !== null || meaning.isOutgoing
    ? peerOf({ ...series.attributes, ...named }, services)
    : null;
}

/** Says what a compared series means for its service; a caller's own measurements that name nobody are `other-metric`. */
export function shiftOfSeries(
  found: SeriesShift,
  service: string,
  services: ReadonlySet<string>,
): MetricShift {
  const { series, meaning, unit, shift, onset, levels, baseline } = found;
  const peer = peerOfSeries(series, meaning, services);
  const edge = edgeAspects[meaning.aspect];
  const isOfCalls = edge !== undefined && (peer !== null || meaning.isOutgoing);
  return {
    service,
    peer: isOfCalls ? peer : null,
    aspect: !isOfCalls ? meaning.aspect : peer === null ? 'other-metric' : edge,
    metric: series.metric,
    name: seriesName(series),
    shortName: shortNameOf(series),
    unit,
    shift,
    onset,
    levels,
    baseline,
  };
}

/**
 * Compares counted requests: the ratio of failed ones where outcomes are told apart, and their rate. A metric that its caller counts without saying
 * whom it calls gives nothing.
 */
export function shiftsOfCounts(
  counts: RequestCounts,
  split: SplitWindow,
  services: ReadonlySet<string>,
): readonly MetricShift[] {
  const [series] = counts.series;
  if (series === undefined) return [];
  const isOutgoing = counts.peer !== null || meaningOf(series).isOutgoing;
  const peer = isOutgoing
    ? peerOfSeries(series, { ...meaningOf(series), isOutgoing }, services)
    : null;
  if (isOutgoing && peer === null) return [];
  const before = sumsOf(counts, split.baseline);
  const after = sumsOf(counts, split.after);
  return [
    ...(counts.isSplit ? failureShift(counts, peer, before, after) : []),
    ...rateShift(counts, peer, before, after),
  ];
}

function failureShift(
  counts: RequestCounts,
  peer: Entity | null,
  before: Sums,
  after: Sums,
): readonly MetricShift[] {
  const { service, metric, atMs, totals, failed } = counts;
  const shift = compareProportions(
    { bad: before.failed, total: before.total },
    { bad: after.failed, total: after.total },
  );
  if (shift === null) return [];
  const values = totals.map((total, index) => (failed[index] ?? 0) / total);
  return [
    {
      service,
      peer,
      aspect: peer === null ? 'error-ratio' : 'edge-error',
      metric,
      name: `${metric} failed`.slice(0, maxNameLength),
      shortName: `${metric} failed`.slice(0, maxNameLength),
      unit: '1',
      shift,
      onset: isClear(shift) ? (failureOnset(counts)?.onset ?? null) : null,
      levels: { atMs, values },
      baseline: null,
    },
  ];
}

function rateShift(
  counts: RequestCounts,
  peer: Entity | null,
  before: Sums,
  after: Sums,
): readonly MetricShift[] {
  const { service, metric, atMs, totals } = counts;
  const shift = compareRates(
    { count: before.total, seconds: before.seconds, dispersion: dispersionOf(before.parts) },
    { count: after.total, seconds: after.seconds },
  );
  if (shift === null) return [];
  return [
    {
      service,
      peer,
      aspect: peer === null ? 'traffic' : 'edge-traffic',
      metric,
      name: metric.slice(0, maxNameLength),
      shortName: metric.slice(0, maxNameLength),
      unit: '{request}/s',
      shift,
      onset: isClear(shift) ? (trafficOnset(counts)?.onset ?? null) : null,
      levels: { atMs, values: totals },
      baseline: null,
    },
  ];
}

const isClear = (shift: Shift): boolean => shift.score >= clearScore;

interface Sums {
  readonly total: number;
  readonly failed: number;
  readonly seconds: number;
  readonly parts: readonly number[];
}

function sumsOf({ atMs, totals, failed }: RequestCounts, side: Stretches): Sums {
  const places = [...atMs.keys()].filter((index) => isInside(side, atMs[index] ?? Number.NaN));
  const parts = places.map((index) => totals[index] ?? 0);
  return {
    total: parts.reduce((sum, count) => sum + count, 0),
    failed: places.reduce((sum, index) => sum + (failed[index] ?? 0), 0),
    seconds: secondsOf(side),
    parts,
  };
}
