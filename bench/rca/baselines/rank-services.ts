import type { Series } from '../../../core/ports/telemetry.ts';
import type { Window } from '../../../core/schemas/primitives.ts';

/** How far the samples of a fault are from normal ones, by a published method; both lists hold at least one number. */
export type MetricScore = (normal: readonly number[], faulty: readonly number[]) => number;

export interface Ranked {
  readonly entity: { readonly kind: 'service'; readonly name: string };
  readonly score: number;
}

/**
 * Ranks services by the highest score among their metrics, as N-Sigma and BARO do. Metrics of calls count for the caller. A series that lacks one of
 * the sides is left out.
 */
export function rankServices(
  series: readonly Series[],
  sides: { readonly normal: readonly Window[]; readonly faulty: Window },
  score: MetricScore,
): readonly Ranked[] {
  const best = new Map<string, number>();
  for (const one of series) {
    if (one.service === null) continue;
    const normal = samplesIn(one, sides.normal);
    const faulty = samplesIn(one, [sides.faulty]);
    if (normal.length === 0 || faulty.length === 0) continue;
    best.set(one.service, Math.max(best.get(one.service) ?? -Infinity, score(normal, faulty)));
  }
  return [...best]
    .map(([name, value]): Ranked => ({ entity: { kind: 'service', name }, score: value }))
    .toSorted((one, other) => other.score - one.score);
}

function samplesIn({ atMs, values }: Series, windows: readonly Window[]): readonly number[] {
  return values.filter((_value, index) => {
    const at = atMs[index] ?? Number.NaN;
    return windows.some(({ startAt, endAt }) => at >= startAt && at < endAt);
  });
}
