import { describe, expect, test } from '@jest/globals';
import { compareClocks } from '../../../integrations/duckdb/compare-clocks.ts';

const minuteMs = 60_000;
const span = (kind: string, from: number, until: number) => ({
  kind,
  firstAt: from * minuteMs,
  lastAt: until * minuteMs,
});
const window = { startAt: 0, endAt: 60 * minuteMs };

const said = (...spans: readonly ReturnType<typeof span>[]): Readonly<Record<string, string>> =>
  Object.fromEntries(compareClocks(spans, window));

describe('compareClocks', () => {
  test.each([
    ['all the same', [span('traces', 0, 60), span('metrics', 0, 60)]],
    ['one begins later', [span('traces', 0, 60), span('logs', 40, 60)]],
    ['one has hours of history', [span('traces', 0, 60), span('metrics', -360, 60)]],
    ['one is moved by what is no time zone', [span('traces', 0, 60), span('logs', 8, 68)]],
    ['few rows, a little apart', [span('traces', 0, 1), span('logs', 2, 3)]],
    ['only one kind', [span('traces', 500, 560)]],
  ])('says nothing: %s', (_what, spans) => {
    expect(said(...spans)).toEqual({});
  });

  test('names the kind that lies worse in the window', () => {
    expect(said(span('traces', 60, 120), span('logs', 0, 60))).toEqual({
      traces: 'traces are about 60 min ahead of logs; a clock or time zone may be off',
    });
  });

  test('sees a shift that leaves an overlap, and one of half an hour behind', () => {
    const shifted = said(span('traces', 0, 60), span('metrics', -30, 30), span('logs', 45, 105));
    expect(shifted).toEqual({
      metrics: 'metrics are about 30 min behind traces; a clock or time zone may be off',
      logs: 'logs are about 45 min ahead of traces; a clock or time zone may be off',
    });
  });

  test('sees kinds of different lengths that are far apart', () => {
    expect(said(span('traces', 0, 60), span('logs', 200, 210))).toEqual({
      logs: 'logs and traces do not overlap in time',
    });
  });
});
