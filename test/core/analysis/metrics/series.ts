import type { Series } from '../../../../core/ports/telemetry.ts';

/** A series of one service, sampled every five seconds, with all a test does not speak of filled in. */
export function series(
  parts: Partial<Series> & Pick<Series, 'metric'>,
  values: readonly number[],
): Series {
  return {
    service: 'checkout',
    instance: null,
    peer: null,
    statistic: null,
    unit: null,
    kind: 'gauge',
    attributes: {},
    atMs: values.map((_value, index) => index * 5_000),
    values,
    ...parts,
  };
}
