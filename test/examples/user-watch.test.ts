import { describe, expect, test } from '@jest/globals';
import { alertShare, createUserWatch } from '../../examples/shop/live/user-watch.ts';
import type { UserWatch } from '../../examples/shop/live/user-watch.ts';
import { createRandom } from '../../examples/shop/recorder/random.ts';

/** Five requests a second from `fromMs` to `untilMs`; half of them are as bad as `change` says. */
function feed(
  watch: UserWatch,
  [fromMs, untilMs]: readonly [number, number],
  change: { readonly durationMs?: number; readonly hasFailed?: boolean } = {},
): void {
  const random = createRandom(fromMs, 'watch');
  for (let startMs = fromMs; startMs < untilMs; startMs += 200) {
    const usual = { durationMs: random.between(50, 100), hasFailed: false };
    const felt = random.chance(0.5) ? { ...usual, ...change } : usual;
    watch.note({ startMs, route: 'POST /checkout', ...felt });
  }
}

describe('the watch over what users feel', () => {
  test.each([
    ['failures', { hasFailed: true }],
    ['slowness', { durationMs: 900 }],
  ])('raises its share by %s, and lowers it again', (_name, change) => {
    const watch = createUserWatch();
    feed(watch, [0, 90_000]);
    expect(watch.share(90_000)).toBe(0);
    watch.learn();
    expect(watch.share(90_000)).toBeLessThan(alertShare);
    feed(watch, [90_000, 120_000], change);
    expect(watch.share(120_000)).toBeGreaterThan(2 * alertShare);
    feed(watch, [120_000, 150_000]);
    expect(watch.share(150_000)).toBeLessThan(alertShare);
  });

  test('says nothing of a handful of requests', () => {
    const watch = createUserWatch();
    feed(watch, [0, 60_000]);
    watch.learn();
    feed(watch, [200_000, 202_000], { hasFailed: true });
    expect(watch.share(202_000)).toBe(0);
  });
});
