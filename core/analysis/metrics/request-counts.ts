import type { Series } from '../../ports/telemetry.ts';
import { counterIncreases, looksCumulative } from '../counter-rates.ts';
import { failedOutcome } from './failed-outcome.ts';
import { levelsOf } from './levels.ts';
import { meaningOf } from './metric-meaning.ts';
import { compareTexts } from '../../compare-texts.ts';

/**
 * Requests of one service, by one metric and towards one peer (null for those it serves), counted per interval. `failed` counts are meaningful only
 * when `isSplit`: some series of the metric tells good from bad.
 */
export interface RequestCounts {
  readonly service: string;
  readonly metric: string;
  readonly peer: string | null;
  readonly isSplit: boolean;
  readonly atMs: readonly number[];
  readonly totals: readonly number[];
  readonly failed: readonly number[];
  /** The series that were added up. */
  readonly series: readonly Series[];
}

/** Tells whether a series counts requests: a running total or a count an interval, by its name. */
export function countsRequests(series: Series): boolean {
  const { aspect, reading } = meaningOf(series);
  return aspect === 'traffic' && (reading === 'total' || reading === 'count');
}

/** What is added per interval, whether the series runs up or counts anew each time. */
export function intervalCounts(series: Series): {
  readonly atMs: readonly number[];
  readonly values: readonly number[];
} {
  const runsUp = series.kind === 'counter' || looksCumulative(series.values);
  return runsUp ? counterIncreases(series) : series;
}

/**
 * Adds up the series that count requests, by service, metric and peer; instances, routes and outcomes are summed at each instant. Where the counts do not
 * tell outcomes apart but a series of the same service says what share of its requests fails, the failed are that share of the counted: so a share
 * weighs as much as there were requests. An instant at which a series is silent counts nothing for it. Negative counts and those that are not finite are left out. Order of the result follows service, metric
 * and peer. O(points).
 */
export function requestCounts(all: readonly Series[]): readonly RequestCounts[] {
  const groups = new Map<string, Series[]>();
  const shares = failedShares(all);
  for (const series of all) {
    if (series.service === null || !countsRequests(series)) continue;
    const key = JSON.stringify([series.service, series.metric, series.peer]);
    const group = groups.get(key) ?? [];
    group.push(series);
    groups.set(key, group);
  }
  return [...groups]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .flatMap(([, group]) => {
      const [first] = group;
      if (first?.service == null) return [];
      const counts = addUp(first.service, first, group);
      const share = shares.get(ownerOf(first));
      return [counts.isSplit || share === undefined ? counts : splitBy(counts, share)];
    });
}

const ownerOf = ({ service, peer }: Series): string => JSON.stringify([service, peer]);

const sortedEntries = (attributes: Series['attributes']): readonly (readonly [string, unknown])[] =>
  Object.entries(attributes).sort(([one], [other]) => compareTexts(one, other));

/** All that tells series of one service and peer apart, as a text to sort by. */
const orderOf = ({ metric, statistic, instance, unit, kind, attributes }: Series): string =>
  JSON.stringify([metric, statistic, instance, unit, kind, sortedEntries(attributes)]);

/** The series that say what share of the requests of a service fails, by service and peer: one each, the first by name. */
function failedShares(all: readonly Series[]): ReadonlyMap<string, Series> {
  const shares = new Map<string, Series>();
  for (const series of all) {
    const { aspect, reading, isOutgoing } = meaningOf(series);
    const isShare = reading === 'success' || (reading === 'level' && series.unit === '1');
    if (aspect !== 'error-ratio' || !isShare || isOutgoing) continue;
    const known = shares.get(ownerOf(series));
    if (known === undefined || orderOf(series) < orderOf(known))
      shares.set(ownerOf(series), series);
  }
  return shares;
}

/** Counts the failed by their share; an instant without a share counts none. */
function splitBy(counts: RequestCounts, share: Series): RequestCounts {
  const { levels, unit } = levelsOf(share, meaningOf(share));
  const whole = unit === '%' ? 100 : 1;
  const ratios = new Map(
    levels.atMs.map((at, index) => [at, (levels.values[index] ?? 0) / whole] as const),
  );
  return {
    ...counts,
    isSplit: true,
    failed: counts.totals.map((total, index) => {
      const ratio = ratios.get(counts.atMs[index] ?? Number.NaN) ?? 0;
      return total * Math.min(1, Math.max(0, ratio));
    }),
    series: [...counts.series, share],
  };
}

function addUp(service: string, first: Series, group: readonly Series[]): RequestCounts {
  const sums = createSums();
  let isSplit = false;
  for (const series of group) {
    const hasFailed = failedOutcome(series.attributes);
    if (hasFailed !== null) isSplit = true;
    const { atMs, values } = intervalCounts(series);
    sums.add(atMs, values, hasFailed === true);
  }
  return {
    service,
    metric: first.metric,
    peer: first.peer,
    isSplit,
    ...sums.ascending(),
    series: group,
  };
}

type Sums = Pick<RequestCounts, 'atMs' | 'totals' | 'failed'>;

/** Adds up counts by instant, those that are not finite or negative left out. Series have mostly the same instants, so the next one is tried before any is searched for. */
function createSums(): {
  add(atMs: readonly number[], values: readonly number[], isFailed: boolean): void;
  ascending(): Sums;
} {
  const places = new Map<number, number>();
  const atMs: number[] = [];
  const totals: number[] = [];
  const failed: number[] = [];
  const placeOf = (at: number): number => {
    const place = places.get(at) ?? atMs.length;
    if (place < atMs.length) return place;
    places.set(at, place);
    atMs.push(at);
    totals.push(0);
    failed.push(0);
    return place;
  };
  return {
    add: (instants, values, isFailed) => {
      let next = 0;
      for (let index = 0; index < instants.length; index += 1) {
        const at = instants[index] ?? Number.NaN;
        const value = values[index] ?? Number.NaN;
        if (!Number.isFinite(value) || value < 0 || !Number.isFinite(at)) continue;
        const place = atMs[next] === at ? next : placeOf(at);
        next = place + 1;
        totals[place] = (totals[place] ?? 0) + value;
        if (isFailed) failed[place] = (failed[place] ?? 0) + value;
      }
    },
    ascending: () => {
      if (atMs.every((at, place) => place === 0 || at > (atMs[place - 1] ?? at)))
        return { atMs, totals, failed };
      const order = [...atMs.keys()].sort((one, other) => (atMs[one] ?? 0) - (atMs[other] ?? 0));
      const inOrder = (values: readonly number[]): number[] =>
        order.map((place) => values[place] ?? 0);
      return { atMs: inOrder(atMs), totals: inOrder(totals), failed: inOrder(failed) };
    },
  };
}
