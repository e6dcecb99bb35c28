import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isInside } from '../../core/analysis/stretches.ts';
import type { LogRecord, Span } from '../../core/ports/telemetry.ts';
import { logBounds, readLogs } from '../../tools/read-logs.ts';
import { scoreTemplates } from '../../tools/score-templates.ts';
import { readLogLines } from '../../tools/logs/read-log-lines.ts';
import { contextOf } from './memory-telemetry.ts';

const hourMs = 3_600_000;
const window = { startAt: 0, endAt: hourMs };
const onsetAt = hourMs - 60_000;
const split = {
  baseline: [{ startAt: 0, endAt: onsetAt }],
  after: [{ startAt: onsetAt, endAt: hourMs }],
};
/** A quarter of the lines of `longLog` at most. */
const bounds = { ...logBounds, pageRows: 50, maxRows: 4_000 };

function line(at: number, row: number, parts: Partial<LogRecord> = {}): LogRecord {
  return {
    at,
    row,
    body: `request ${row} served`,
    service: 'shop',
    instance: null,
    severity: 'info',
    traceId: null,
    spanId: null,
    ...parts,
  };
}

const chatterOf = (stepMs: number): readonly LogRecord[] =>
  Array.from({ length: hourMs / stepMs }, (_unused, index) => line(index * stepMs, index));

/** Five lines a second all the time, and two errors a second in the last minute. */
const longLog = [
  ...chatterOf(200),
  ...Array.from({ length: 120 }, (_unused, index) =>
    line(onsetAt + index * 500, hourMs + index, {
      severity: 'error',
      body: `no connection left for order ${index}`,
    }),
  ),
];

const span = (startAt: number, index: number): Span => ({
  traceId: `t${index}`,
  spanId: `s${index}`,
  parentSpanId: null,
  service: 'shop',
  instance: null,
  name: 'GET /',
  kind: 'server',
  startAt,
  durationMs: 1,
  status: 'unset',
  attributes: {},
});

describe('scoreTemplates, of more lines than may be read', () => {
  test('sees an error that begins at the end of the window, and calls nothing vanished', async () => {
    const context = contextOf({ window, logs: longLog });
    const { scored, lines, truncated } = await scoreTemplates(context, {
      services: null,
      split,
      bounds,
    });
    expect(lines).toBeLessThan(longLog.length / 2);
    expect(truncated).toBe(`read ${lines} log records spread over both sides, not all`);
    expect(scored).toMatchObject([
      {
        change: 'new',
        onset: { earliestAt: onsetAt, latestAt: onsetAt },
        count: { template: 'no connection left for order <*>' },
      },
      { change: 'rate', count: { template: 'request <*> served' } },
    ]);
    expect(scored[0]?.shift.score).toBeGreaterThan(6);
    expect(scored[1]?.shift.score).toBeLessThan(1);
    expect(scored[1]?.shift.before).toBeCloseTo(5, 1);
    expect(scored[1]?.shift.after).toBeCloseTo(5, 1);
  });

  test('dates what is new from where it may have been overlooked', async () => {
    const late = { severity: 'error', body: 'no connection left' } as const;
    const logs = [...chatterOf(20), line(hourMs - 2_999, -1, late)];
    const { scored } = await scoreTemplates(contextOf({ window, logs }), {
      services: null,
      split,
      bounds: { ...bounds, maxRows: 1 },
    });
    const found = scored.find(({ count }) => count.template === late.body);
    expect(found?.onset?.latestAt).toBe(hourMs - 2_999);
    expect(found?.onset?.earliestAt).toBe(hourMs - 6_000 + 980);
  });

  test('holds lines against the requests of the times that were read, in each of many healthy times', async () => {
    const baseline = Array.from({ length: 6 }, (_unused, index) => ({
      startAt: index * 500_000,
      endAt: index * 500_000 + 400_000,
    }));
    const context = contextOf({
      window,
      logs: longLog,
      spans: chatterOf(400).map(({ at }, index) => span(at, index)),
    });
    const { scored } = await scoreTemplates(context, {
      services: null,
      split: { ...split, baseline },
      bounds,
    });
    const usual = scored.find(({ count }) => count.severity === 'info');
    expect(usual).toMatchObject({ unit: '{line}/{request}' });
    expect(usual?.shift.before).toBeCloseTo(2, 1);
    expect(usual?.shift.score).toBeLessThan(1);
  });

  test('gives each of named services its share, and takes the rates of each over its own time', async () => {
    const quiet = chatterOf(60_000).map((one) => ({ ...one, service: 'quiet' }));
    const context = contextOf({ window, logs: [...longLog, ...quiet] });
    const { scored } = await scoreTemplates(context, {
      services: ['shop', 'quiet'],
      split,
      bounds,
    });
    const of = (service: string) =>
      scored.find(({ count }) => count.service === service && count.severity === 'info');
    expect(of('quiet')?.shift.before).toBeCloseTo(1 / 60, 3);
    expect(of('shop')?.shift.before).toBeCloseTo(5, 1);
  });
});

describe('readLogs', () => {
  const none = new AbortController().signal;
  const records = fc.array(fc.integer({ min: 0, max: 400 }), { maxLength: 300 });

  test('reads once each record of the times that it says it covered, and no other record inside the sides', async () => {
    await fc.assert(
      fc.asyncProperty(
        records,
        fc.record({
          pageRows: fc.integer({ min: 1, max: 30 }),
          maxRows: fc.integer({ min: 1, max: 400 }),
          maxMs: fc.constantFrom(0, 60_000),
        }),
        async (instants, given) => {
          const short = { startAt: 0, endAt: 400 };
          const logs = instants.map((at, row) => line(at, row));
          const { telemetry } = contextOf({ window: short, logs });
          const taken: LogRecord[] = [];
          const sides = [[{ startAt: 0, endAt: 300 }], [{ startAt: 310, endAt: 400 }]];
          const read = await readLogs(
            { telemetry, signal: none },
            { sides, bounds: given },
            (record) => taken.push(record),
          );
          const rows = taken.map(({ row }) => row);
          expect(new Set(rows).size).toBe(rows.length);
          expect(taken.every(({ at }) => isInside(read.covered, at))).toBe(true);
          const isOften = (at: number): boolean =>
            instants.filter((other) => other === at).length >= given.pageRows;
          const wanted = logs.filter(
            ({ at }) => sides.some((side) => isInside(side, at)) && isInside(read.covered, at),
          );
          const missed = wanted.filter(({ at, row }) => !isOften(at) && !rows.includes(row));
          expect(missed).toEqual([]);
          if (read.truncated === null) {
            expect(wanted).toHaveLength(
              logs.filter(({ at }) => sides.some((side) => isInside(side, at))).length,
            );
          }
        },
      ),
      { numRuns: 200 },
    );
  });

  test('reads all up to its bound, however unevenly the lines lie', async () => {
    const burst = Array.from({ length: 3_000 }, (_unused, index) => line(index, index));
    const { telemetry } = contextOf({ window, logs: [...burst, line(onsetAt, 3_000)] });
    const sides = [split.baseline, split.after];
    const read = await readLogs({ telemetry, signal: none }, { sides, bounds }, () => undefined);
    expect(read).toMatchObject({ lines: 3_001, truncated: null });
  });

  test('says that records of one instant were left out where there are more than a page', async () => {
    const logs = Array.from({ length: 120 }, (_unused, index) => line(5, index));
    const { telemetry } = contextOf({ window, logs });
    const sides = [split.baseline, split.after];
    const read = await readLogs({ telemetry, signal: none }, { sides, bounds }, () => undefined);
    expect(read.truncated).toBe('read 50 log records: of very many at one instant, not all');
  });

  test('reads a page of each part even where the time is over', async () => {
    const { telemetry } = contextOf({ window, logs: longLog });
    const sides = [split.baseline, split.after];
    const read = await readLogs(
      { telemetry, signal: none },
      { sides, bounds: { ...bounds, maxMs: 0 } },
      () => undefined,
    );
    expect(read.pages).toBe(41);
    expect(read.truncated).toMatch('spread over both sides');
  });
});

test('read-log-lines quotes lines in order of time', async () => {
  const answer = await readLogLines.run(
    { service: 'shop', severityAtLeast: 'error' },
    contextOf({ window, logs: longLog }, { earliestAt: onsetAt, latestAt: onsetAt }),
  );
  const quoted = answer.ok ? answer.evidence.map(({ data }) => JSON.stringify(data)).join() : '';
  const instants = [...quoted.matchAll(/"at":(\d+)/g)].map(([, at]) => Number(at));
  expect(instants).toEqual(instants.toSorted((one, other) => one - other));
  expect(instants.length).toBeGreaterThan(0);
});
