import { describe, expect, test } from '@jest/globals';
import { discountUnrelated } from '../../../../core/analysis/metrics/discount-unrelated.ts';
import type { MetricShift } from '../../../../core/analysis/metrics/service-metrics.ts';
import { alertSchema } from '../../../../core/schemas/alert.ts';

const minute = 60_000;
const window = { startAt: 0, endAt: 6 * minute };
const alert = alertSchema.parse({
  title: 'the shop is slow',
  entity: { kind: 'service', name: 'shop' },
  symptom: 'latency',
});

/** How long requests took, a minute at a time, before and after what was usual (0.1 s). */
function durations(service: string, values: readonly number[]): MetricShift {
  const after = values.at(-1) ?? 0;
  return {
    service,
    peer: null,
    aspect: 'duration',
    metric: 'latency',
    name: 'latency p50',
    shortName: 'latency p50',
    unit: 's',
    shift: { direction: 'up', before: 0.1, after, score: 4, support: 3 },
    onset: null,
    levels: { atMs: values.map((_value, index) => index * minute), values },
    baseline: null,
  };
}

const shop = durations('shop', [0.1, 0.11, 0.1, 0.4, 0.41, 0.4]);
const scoresOf = (...shifts: readonly MetricShift[]): readonly number[] =>
  discountUnrelated(shifts, alert, window).map(({ shift }) => shift.score);

describe('discountUnrelated', () => {
  test('keeps what moves with the symptom or ahead of it, and not what stands apart all the while', () => {
    const moving = durations('stock', [0.1, 0.1, 0.11, 0.3, 0.29, 0.31]);
    const ahead = durations('cache', [0.1, 0.1, 0.3, 0.3, 0.31, 0.3]);
    const standing = durations('batch', [3.01, 3, 3.01, 3, 3.01, 3]);
    expect(scoresOf(shop, moving, ahead, standing)).toEqual([4, 4, 4, expect.closeTo(0.8, 9)]);
  });

  test('a little that moves with the symptom does not carry a large shift', () => {
    const mostly = durations('batch', [2.9, 2.9, 2.9, 3, 3, 3]);
    expect(scoresOf(shop, mostly)).toEqual([4, expect.closeTo(0.8, 9)]);
  });

  test('what jumps up and down all the while is not related by where its jumps fall', () => {
    // Higher by 0.5 s in the mean since the symptom began, of a shift of 0.8 s; the coefficient is 0.25.
    const jumping = durations('batch', [0.1, 1.9, 0.1, 2.6, 0.1, 0.9]);
    expect(scoresOf(shop, jumping)).toEqual([4, expect.closeTo(0.8, 9)]);
  });

  test('a resource may be used up before anybody feels it', () => {
    const full = {
      ...durations('stock', [0.99, 0.99, 0.99, 0.99, 0.99, 0.99]),
      aspect: 'cpu' as const,
    };
    expect(scoresOf(shop, full)).toEqual([4, 4]);
  });

  test('says nothing where the window does not show how the symptom began, or too few samples', () => {
    const standing = durations('batch', [3.01, 3, 3.01, 3, 3.01, 3]);
    expect(scoresOf(durations('shop', [0.4, 0.4, 0.41, 0.4, 0.41, 0.4]), standing)).toEqual([4, 4]);
    expect(scoresOf(durations('shop', [0.1, 0.1, 0.4, 0.4]), standing)).toEqual([4, 4]);
    expect(scoresOf(standing)).toEqual([4]);
    const faint = { ...shop, shift: { ...shop.shift, score: 0.9 } };
    expect(scoresOf(faint, standing)).toEqual([0.9, 4]);
    expect(discountUnrelated([shop, standing], null, window)).toEqual([shop, standing]);
  });

  test('looks at the window alone', () => {
    const { levels, ...rest } = durations('batch', [3.01, 3, 3.01, 3, 3.01, 3]);
    const before = {
      atMs: [-3 * minute, -2 * minute, -minute, ...levels.atMs],
      values: [0.1, 0.1, 0.1, ...levels.values],
    };
    expect(scoresOf(shop, { ...rest, levels: before })).toEqual([4, expect.closeTo(0.8, 9)]);
  });
});
