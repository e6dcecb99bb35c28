import { describe, expect, test } from '@jest/globals';
import { quantityOf } from '../../web/src/evidence/quantity.ts';
import { formatDuration, formatNumber, formatSpan } from '../../web/src/text/format.ts';

describe('how the pages write', () => {
  test.each([
    [0.8152, '0.8152 ms'],
    [999, '999 ms'],
    [5_840, '5.8 s'],
    [60_000, '1 min'],
    [199_600, '3 min 20 s'],
    [7_500_000, '2 h 5 min'],
  ])('a duration of %d ms as %s', (durationMs, text) => {
    expect(formatDuration(durationMs)).toBe(text);
  });

  test.each([
    ['2026-11-21T10:58:42Z', '2026-11-21T11:00:53.341Z', '21 Nov 2026, 10:58:42 – 11:00:53 UTC'],
    ['2026-11-21T10:59:53.1Z', '2026-11-21T10:59:53.9Z', '21 Nov 2026, 10:59:53 UTC'],
    [
      '2026-11-21T23:59:59Z',
      '2026-11-22T00:00:01Z',
      '21 Nov 2026, 23:59:59 UTC – 22 Nov 2026, 00:00:01 UTC',
    ],
  ])('what lies between %s and %s', (from, to, text) => {
    expect(formatSpan(from, to)).toBe(text);
  });

  test.each([
    ['1', 0.525, '52.5 %'],
    ['ms', 1_015.4, '1,015 ms'],
    ['{request}/s', 3.115, '3.115 request/s'],
    ['', 7, '7'],
  ])('in the unit %p the value %d', (unit, value, text) => {
    expect(quantityOf(unit).say(value)).toBe(text);
  });

  test('numbers with four digits that count', () => {
    expect([0.123456, 1_234_567, 0].map(formatNumber)).toEqual(['0.1235', '1,235,000', '0']);
  });
});
