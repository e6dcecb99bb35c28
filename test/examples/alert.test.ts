import { describe, expect, test } from '@jest/globals';
import { describeUserPain } from '../../examples/shop/recorder/alert.ts';
import { createRandom } from '../../examples/shop/recorder/random.ts';
import type { UserRequest } from '../../examples/shop/recorder/trace-lines.ts';

const startMs = Date.parse('2026-03-01T12:00:00Z');
const window = { startMs, endMs: startMs + 150_000 };
const onsetMs = startMs + 90_000;

/** Five requests a second of 50 to 100 ms; `change` alters those that begin after the onset. */
function makeRequests(change: Partial<UserRequest>): readonly UserRequest[] {
  const random = createRandom(1, 'alert');
  return Array.from({ length: 750 }, (_unused, index) => {
    const request = {
      startMs: startMs + index * 200,
      durationMs: random.between(50, 100),
      route: 'POST /checkout',
      hasFailed: false,
    };
    return request.startMs >= onsetMs && random.chance(0.5) ? { ...request, ...change } : request;
  });
}

describe('the alert of a recording', () => {
  test.each([
    ['failures', { hasFailed: true }],
    ['slowness', { durationMs: 900 }],
  ])('tells the share of users who felt %s, after it began', (_name, change) => {
    const alert = describeUserPain(makeRequests(change), window);
    const share = Number(/up to ([\d.]+) %/.exec(alert.description)?.[1]);
    expect(share).toBeGreaterThan(40);
    expect(share).toBeLessThan(60);
    expect(Date.parse(alert.startedAt)).toBeGreaterThan(onsetMs);
    expect(Date.parse(alert.startedAt)).toBeLessThan(onsetMs + 30_000);
  });

  test('has the same form when nothing happened, with the small numbers that were seen', () => {
    const quiet = describeUserPain(makeRequests({}), window);
    const loud = describeUserPain(makeRequests({ hasFailed: true }), window);
    const form = (text: string): string => text.replaceAll(/[\d.]+ %/g, 'N %');
    expect(quiet.title).toBe(loud.title);
    expect(form(quiet.description)).toBe(form(loud.description));
    expect(Number(/up to ([\d.]+) %/.exec(quiet.description)?.[1])).toBeLessThan(5);
    expect(Object.keys(quiet)).toEqual(Object.keys(loud));
  });

  test('can be worded for a window without a request', () => {
    expect(describeUserPain([], window).description).toContain('0.0 %');
  });
});
