import type { Series } from '../../core/ports/telemetry.ts';

function identify(series: Series): string {
  const { metric, service, instance, peer, statistic, unit, kind, attributes } = series;
  return JSON.stringify([metric, service, instance, peer, statistic, unit, kind, attributes]);
}

function join(one: Series, other: Series): Series {
  const samples = [one, other]
    .flatMap(({ atMs, values }) =>
      atMs.map((at, index) => [at, values[index] ?? Number.NaN] as const),
    )
    .toSorted(([before, low], [after, high]) => before - after || high - low)
    .filter(([at], index, all) => all[index - 1]?.[0] !== at);
  return { ...one, atMs: samples.map(([at]) => at), values: samples.map(([, value]) => value) };
}

/**
 * Joins series that are the same but for how their attributes were written (order, blanks); of two samples at one instant the larger stays,
 * whatever their order. Keeps the
 * order of first appearance.
 */
export function mergeSeries(series: readonly Series[]): readonly Series[] {
  const joined = new Map<string, Series>();
  for (const one of series) {
    const key = identify(one);
    const before = joined.get(key);
    joined.set(key, before === undefined ? one : join(before, one));
  }
  return [...joined.values()];
}
