import { describe, expect, test } from '@jest/globals';
import { liveAlert, liveWindow } from '../../core/live-investigation.ts';
import { investigationRequestSchema } from '../../core/schemas/investigation.ts';

const minuteMs = 60_000;
const acceptedAt = Date.parse('2026-11-20T10:00:00Z');
const iso = (at: number): string => new Date(at).toISOString();

describe('the window of a live investigation', () => {
  test('OS-53 reaches 120 minutes back from when it was accepted, and up to now', () => {
    expect(liveWindow({}, { acceptedAt, nowAt: acceptedAt })).toEqual({
      startAt: acceptedAt - 120 * minuteMs,
      endAt: acceptedAt,
    });
  });

  test('OS-53 of an alert moves on with time, 10 minutes at most', () => {
    const alert = { title: 'slow', severity: 'error' as const, labels: {} };
    const endOf = (minutes: number): number =>
      liveWindow({ alert }, { acceptedAt, nowAt: acceptedAt + minutes * minuteMs }).endAt;
    expect([1, 10, 30].map((minutes) => endOf(minutes) - acceptedAt)).toEqual(
      [1, 10, 10].map((minutes) => minutes * minuteMs),
    );
  });

  test('of a question ends when it was asked, however late one looks again', () => {
    const atOnce = liveWindow({ since: '30m' }, { acceptedAt, nowAt: acceptedAt });
    const later = liveWindow({ since: '30m' }, { acceptedAt, nowAt: acceptedAt + 20_000 });
    expect(later).toEqual(atOnce);
    expect(later.endAt).toBe(acceptedAt);
  });

  test('is around the alert, and as far back as was asked for', () => {
    const noticedAt = acceptedAt - 45 * minuteMs;
    const alert = {
      title: 'slow',
      severity: 'error' as const,
      labels: {},
      startedAt: iso(noticedAt),
    };
    expect(liveWindow({ alert, since: '30m' }, { acceptedAt, nowAt: acceptedAt })).toEqual({
      startAt: noticedAt - 30 * minuteMs,
      endAt: noticedAt + 10 * minuteMs,
    });
  });

  test('is the one that was named, and never ends beyond now', () => {
    const window = { start: iso(acceptedAt - minuteMs), end: iso(acceptedAt + minuteMs) };
    const nowAt = acceptedAt + 5_000;
    expect(liveWindow({ window }, { acceptedAt, nowAt })).toEqual({
      startAt: acceptedAt - minuteMs,
      endAt: nowAt,
    });
  });
});

describe('what a request without a case is about', () => {
  test('is its question, or whom it names', () => {
    expect(liveAlert({ question: ' Why is it slow? ' }).title).toBe('Why is it slow?');
    const entity = { kind: 'service' as const, name: 'checkout' };
    expect(liveAlert({ entity })).toMatchObject({
      title: 'What is wrong with service checkout?',
      entity,
    });
    expect(liveAlert({}).startedAt).toBeUndefined();
  });
});

describe('a request', () => {
  test.each([
    ['since', { since: '30m', window: { start: iso(0), end: iso(1_000) } }],
    ['since', { case: 'shop', since: '30m' }],
    ['entity', { case: 'shop', entity: { kind: 'service', name: 'checkout' } }],
    ['since', { since: '30 minutes' }],
    ['since', { since: '0m' }],
  ])('may not have %s in %j', (field, request) => {
    const { error } = investigationRequestSchema.safeParse(request);
    expect(error?.issues.map(({ path }) => path)).toEqual([[field]]);
  });
});
