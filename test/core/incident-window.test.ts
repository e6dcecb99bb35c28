import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { incidentWindow, longestWindowMs } from '../../core/incident-window.ts';

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
const nowAt = Date.parse('2026-11-20T12:00:00Z');

describe('incidentWindow', () => {
  test.each([
    ['nothing is known: the last 120 minutes', {}, [-120, 0]],
    ['noticed an hour ago: 120 minutes before, 10 after', { noticedAt: -60 }, [-180, -50]],
    ['noticed 4 minutes ago: nothing beyond now', { noticedAt: -4 }, [-124, 0]],
    ['noticed ahead of our clock: as if now', { noticedAt: 3 }, [-120, 0]],
    ['a look-back of half an hour', { lookBackMs: 30 * minuteMs }, [-30, 0]],
    ['a look-back of ten days is cut to seven', { lookBackMs: 10 * dayMs }, [-7 * 1_440, 0]],
  ])(
    'OS-53 %s',
    (_name, { noticedAt, ...rest }: { noticedAt?: number; lookBackMs?: number }, minutes) => {
      const noticed = noticedAt === undefined ? {} : { noticedAt: nowAt + noticedAt * minuteMs };
      const { startAt, endAt } = incidentWindow({ ...noticed, ...rest, nowAt });
      expect([startAt - nowAt, endAt - nowAt]).toEqual(minutes.map((one) => one * minuteMs));
    },
  );

  const times = fc.record(
    {
      noticedAt: fc.integer({ min: nowAt - 400 * dayMs, max: nowAt + 400 * dayMs }),
      lookBackMs: fc.integer({ min: 0, max: 400 * dayMs }),
    },
    { requiredKeys: [] },
  );

  test('OS-53 is never empty, never beyond now and never longer than 7 days', () => {
    fc.assert(
      fc.property(times, (known) => {
        const { startAt, endAt } = incidentWindow({ ...known, nowAt });
        expect(startAt).toBeLessThan(endAt);
        expect(endAt).toBeLessThanOrEqual(nowAt);
        expect(endAt - startAt).toBeLessThanOrEqual(longestWindowMs);
      }),
    );
  });

  test('moves with the clock: the same incident later gives the same window, moved', () => {
    fc.assert(
      fc.property(times, fc.integer({ min: 0, max: dayMs }), (known, byMs) => {
        const moved = { ...known, nowAt: nowAt + byMs };
        if (known.noticedAt !== undefined) moved.noticedAt = known.noticedAt + byMs;
        const window = incidentWindow({ ...known, nowAt });
        expect(incidentWindow(moved)).toEqual({
          startAt: window.startAt + byMs,
          endAt: window.endAt + byMs,
        });
      }),
    );
  });

  test('looking back further never drops anything', () => {
    fc.assert(
      fc.property(times, fc.integer({ min: 0, max: dayMs }), (known, moreMs) => {
        const lookBackMs = known.lookBackMs ?? 0;
        const near = incidentWindow({ ...known, lookBackMs, nowAt });
        const far = incidentWindow({ ...known, lookBackMs: lookBackMs + moreMs, nowAt });
        expect(far.startAt).toBeLessThanOrEqual(near.startAt);
        expect(far.endAt).toBe(near.endAt);
      }),
    );
  });
});
