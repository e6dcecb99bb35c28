import { expect, test } from '@jest/globals';
import type { Telemetry } from '../../core/ports/telemetry.ts';
import { logBounds, readLogs } from '../../tools/read-logs.ts';

const { signal } = new AbortController();
const most = 1_000_000;

interface Owned {
  readonly service?: string | null | undefined;
}

/** What holds for every implementation of the port, over a recording with metrics, logs, traces and changes. */
export function telemetryLaws(opened: () => Telemetry): void {
  const whole = () => ({ window: opened().window, limit: most });
  const times = {
    logs: async () => (await opened().logs(whole(), signal)).rows.map(({ at }) => at),
    spans: async () => (await opened().spans(whole(), signal)).rows.map(({ startAt }) => startAt),
    changes: async () => (await opened().changes(whole(), signal)).rows.map(({ at }) => at),
  };

  test.each(['logs', 'spans', 'changes'] as const)(
    'gives %s inside the half-open window, in order of time',
    async (kind) => {
      const all = await times[kind]();
      const { startAt, endAt } = opened().window;
      expect(all.length).toBeGreaterThan(0);
      expect(all).toEqual(all.toSorted((one, other) => one - other));
      expect(all.filter((at) => at < startAt || at >= endAt)).toEqual([]);
    },
  );

  test('splits a window at an instant without losing or doubling what happened then', async () => {
    const { window } = opened();
    const { rows } = await opened().logs(whole(), signal);
    const splitAt = rows[Math.floor(rows.length / 2)]?.at ?? 0;
    const before = await opened().logs(
      { window: { startAt: window.startAt, endAt: splitAt }, limit: most },
      signal,
    );
    const after = await opened().logs(
      { window: { startAt: splitAt, endAt: window.endAt }, limit: most },
      signal,
    );
    expect(before.rows.length + after.rows.length).toBe(rows.length);
    expect(after.rows[0]?.at).toBe(splitAt);
  });

  test('gives series whose samples ascend, inside the window, without gaps of NaN', async () => {
    const { rows } = await opened().metrics(whole(), signal);
    const { startAt, endAt } = opened().window;
    expect(rows.length).toBeGreaterThan(0);
    for (const { atMs, values } of rows) {
      expect(values).toHaveLength(atMs.length);
      expect(atMs).toEqual(atMs.toSorted((one, other) => one - other));
      expect(atMs.filter((at) => at < startAt || at >= endAt)).toEqual([]);
      expect(values.filter((value) => !Number.isFinite(value))).toEqual([]);
    }
  });

  test('narrows to a service, and gives what the whole holds of it', async () => {
    const telemetry = opened();
    const service = 'checkout';
    const of = (rows: readonly Owned[]): number =>
      rows.filter((row) => row.service === service).length;
    const query = { ...whole(), service };
    for (const kind of ['metrics', 'logs', 'spans', 'changes'] as const) {
      const all: readonly Owned[] = (await telemetry[kind](whole(), signal)).rows;
      const narrowed: readonly Owned[] = (await telemetry[kind](query, signal)).rows;
      expect([kind, narrowed.length]).toEqual([kind, of(all)]);
      expect(of(narrowed)).toBe(narrowed.length);
    }
  });

  test('narrows logs to a severity and above', async () => {
    const all = (await opened().logs(whole(), signal)).rows;
    const bad = (await opened().logs({ ...whole(), severityAtLeast: 'warn' }, signal)).rows;
    const severe = ['warn', 'error', 'fatal'];
    expect(bad).toHaveLength(all.filter(({ severity }) => severe.includes(severity ?? '')).length);
    expect(bad.length).toBeGreaterThan(0);
  });

  test.each(['metrics', 'logs', 'spans', 'changes'] as const)(
    'says of %s what a limit cut off, and says nothing when it cut nothing',
    async (kind) => {
      const telemetry = opened();
      const all = await telemetry[kind](whole(), signal);
      const cut = await telemetry[kind]({ ...whole(), limit: 1 }, signal);
      expect(all.truncated).toBeNull();
      expect(cut.rows).toHaveLength(1);
      expect(cut.truncated).toMatch(/\w/);
      expect(all.query).toMatch(/\w/);
      expect(all.source).toMatch(/\w/);
    },
  );

  test('gives one trace whole, and none of an id that nobody knows', async () => {
    const { rows } = await opened().spans(whole(), signal);
    const traceId = rows[0]?.traceId ?? '';
    const one = await opened().spans({ ...whole(), traceId }, signal);
    expect(one.rows).toEqual(rows.filter((span) => span.traceId === traceId));
    const none = await opened().spans({ ...whole(), traceId: 'f'.repeat(32) }, signal);
    expect(none.rows).toEqual([]);
  });

  test('lets logs be read page by page, each line once', async () => {
    const all = (await opened().logs(whole(), signal)).rows;
    const context = { telemetry: opened(), signal };
    let taken = 0;
    const { lines, truncated } = await readLogs(
      context,
      { sides: [[opened().window]], bounds: { ...logBounds, pageRows: 40 } },
      () => {
        taken += 1;
      },
    );
    expect([taken, lines, truncated]).toEqual([all.length, all.length, null]);
  });

  test('knows log lines again by their row', async () => {
    const rows = (await opened().logs({ ...whole(), limit: 5 }, signal)).rows;
    const known = await opened().logAttributes(
      rows.map(({ row }) => row),
      signal,
    );
    expect([...known.keys()].toSorted((one, other) => one - other)).toEqual(
      rows.map(({ row }) => row).toSorted((one, other) => one - other),
    );
  });

  test('covers what is there: kinds, first and last, and services', async () => {
    const coverage = await opened().coverage(signal);
    const kinds = coverage.map(({ kind }) => kind);
    expect(kinds.includes('query-languages')).toBe(opened().native !== undefined);
    expect(kinds).toEqual(expect.arrayContaining(['metrics', 'logs', 'traces', 'changes']));
    const traces = coverage.find(({ kind }) => kind === 'traces');
    const starts = await times.spans();
    expect(traces).toMatchObject({
      rows: starts.length,
      firstAt: starts[0],
      lastAt: starts.at(-1),
    });
    expect(traces?.services).toEqual(['checkout', 'gateway', 'payments']);
  });

  test('has a warehouse exactly where its coverage says so', async () => {
    const kinds = (await opened().coverage(signal)).map(({ kind }) => kind);
    expect(kinds.includes('warehouse')).toBe(opened().warehouse !== undefined);
  });

  test('gives no row of a kind of record that is not there', async () => {
    const read = await opened().records('topology', whole(), signal);
    expect(read.rows).toEqual([]);
  });

  test.each(['metrics', 'logs', 'spans', 'changes'] as const)(
    'ends a reading of %s with the reason of its signal',
    async (kind) => {
      const stop = new AbortController();
      const reason = new Error('enough');
      stop.abort(reason);
      await expect(opened()[kind](whole(), stop.signal)).rejects.toBe(reason);
    },
  );
}

/** What holds for every implementation that has a warehouse, over the same recording. */
export function warehouseLaws(opened: () => Telemetry): void {
  test('finds outliers of the fleet among its own metrics: furthest first, the same when asked again, within window and limit', async () => {
    const { window } = opened();
    const { startAt, endAt } = window;
    const suspectedAt = startAt + (endAt - startAt) / 2;
    const find = (callKey: string, change: object = {}) =>
      opened().warehouse?.findOutliers(
        { window, suspectedAt, limit: 50, callKey, ...change },
        signal,
      ) ?? Promise.reject(new Error('there is no warehouse'));
    const { rows } = await find('kit-outliers');
    const known = (await opened().metrics({ window, limit: most }, signal)).rows.map(
      ({ metric, service }) => `${metric} ${service}`,
    );
    const found = rows.map(({ metric, service }) => `${metric} ${service}`);
    expect(found.length).toBeGreaterThan(1);
    expect(found.filter((name) => !known.includes(name))).toEqual([]);
    const scores = rows.map(({ score }) => score);
    expect(scores).toEqual(scores.toSorted((one, other) => other - one));
    expect((await find('kit-outliers')).rows).toEqual(rows);
    expect((await find('kit-first', { limit: 1 })).rows).toEqual(rows.slice(0, 1));
    const later = { startAt: endAt + 86_400_000, endAt: endAt + 90_000_000 };
    const nothing = { window: later, suspectedAt: later.startAt + 1_000 };
    expect((await find('kit-later', nothing)).rows).toEqual([]);
  });
}
