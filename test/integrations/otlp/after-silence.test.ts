import { describe, expect, test } from '@jest/globals';
import { afterSilence } from '../../../integrations/otlp/after-silence.ts';

const minuteMs = 60_000;
const window = { startAt: 0, endAt: 120 * minuteMs };

/** Segments by the minutes in which they were written. */
function after(noticed: number, ...segments: readonly (readonly [number, number])[]): number {
  const written = segments.map(([opened, last]) => {
    return { openedAt: opened * minuteMs, writtenAt: last * minuteMs };
  });
  return afterSilence(window, noticed * minuteMs, written) / minuteMs;
}

describe('the last total silence', () => {
  test.each([
    ['none, when something came all the time', after(120, [0, 60], [3, 4], [61, 119]), 0],
    ['none, when one kind was silent', after(120, [0, 119], [0, 10], [90, 119]), 0],
    ['the last of two', after(120, [0, 10], [20, 30], [100, 119]), 100],
    ['none, when it lasted until the incident', after(100, [0, 40], [99.5, 119]), 0],
    ['none, when it began with the incident', after(50, [0, 50], [90, 119]), 0],
    ['none, when nothing came before', after(120, [40, 119]), 0],
  ])('is %s', (_what, found, expected) => {
    expect(found).toBe(expected);
  });
});
