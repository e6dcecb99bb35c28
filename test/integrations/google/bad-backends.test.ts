import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { toApplicationFailure } from '../../../activities/failures.ts';
import { isAppError } from '../../../core/errors.ts';
import type { Telemetry } from '../../../core/ports/telemetry.ts';
import type { Scenario } from '../../../examples/local-google/faults.ts';
import { startLocalGoogle } from '../../../examples/local-google/start-local-google.ts';
import type { LocalGoogle } from '../../../examples/local-google/start-local-google.ts';
import { readCase } from '../../../integrations/duckdb/read-case.ts';
import { caseOf } from '../../support/incidents.ts';
import { incidentsDir } from '../../support/line.ts';
import { openGoogle } from './open-google.ts';
import type { OpenGoogle } from './open-google.ts';

const dir = join(incidentsDir, caseOf('bad-deploy'));
let server: LocalGoogle;
let window: Telemetry['window'];
const opened: OpenGoogle[] = [];

beforeAll(async () => {
  server = await startLocalGoogle({ caseDir: dir, projectId: 'kit-project', port: 0 });
  const manifest = await readCase(dir);
  window = {
    startAt: Date.parse(manifest.window.start),
    endAt: Date.parse(manifest.window.end),
  };
}, 120_000);
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
});
afterAll(() => server?.close());

type Rule = Omit<Scenario['faults'][number], 'after'> & { readonly after?: number };

async function withFaults(
  faults: readonly Rule[],
  change: Parameters<typeof openGoogle>[2] = {},
): Promise<Telemetry> {
  const put = await fetch(`${server.url}/faults`, {
    method: 'PUT',
    body: JSON.stringify({ faults }),
  });
  expect(put.status).toBe(200);
  const google = openGoogle(server.url, window, change);
  opened.push(google);
  return google.telemetry;
}

async function duplicates(): Promise<number> {
  return requestsTo('bigquery.jobs.insert (duplicate)');
}

async function requestsTo(route: string): Promise<number> {
  const { counts } = (await (await fetch(`${server.url}/counts`)).json()) as {
    readonly counts: readonly { readonly route: string; readonly requests: number }[];
  };
  return counts.filter((one) => one.route === route).reduce((sum, one) => sum + one.requests, 0);
}

const kinds = [
  ['logs', 'logging.entries.list'],
  ['changes', 'logging.entries.list'],
  ['metrics', 'monitoring.timeSeries.list'],
  ['spans', 'cloudtrace.traces.list'],
] as const;
const { signal } = new AbortController();
const query = () => ({ window, limit: 100_000 });

async function failureOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => null,
    (error: unknown) => error,
  );
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  const error = await failureOf(work);
  return isAppError(error) ? error.code : String(error);
}

describe.each(kinds)('%s', (kind, route) => {
  test('a used-up quota says when to ask again, and the client does not ask by itself', async () => {
    const telemetry = await withFaults([{ route, fault: { kind: 'quota', retrySeconds: 37 } }]);
    const before = await requestsTo(route);
    const error = await failureOf(telemetry[kind](query(), signal));
    const failure = toApplicationFailure(error);
    expect(failure.type).toBe('rate-limited.backend');
    expect(failure.nextRetryDelay).toBe(37_000);
    expect(failure.nonRetryable).toBe(false);
    // Metric types are asked of a few at a time.
    expect((await requestsTo(route)) - before).toBeLessThanOrEqual(kind === 'metrics' ? 6 : 1);
  });

  test.each([
    [
      'a missing permission',
      { kind: 'permission-denied', permission: 'x.y.list' },
      'forbidden.backend',
    ],
    ['a passed deadline', { kind: 'deadline-exceeded' }, 'timeout.backend'],
    ['a service that is away', { kind: 'unavailable' }, 'unavailable.backend'],
    ['an answer of another shape', { kind: 'malformed' }, 'unavailable.backend'],
  ] as const)('%s is told as what it is', async (_name, fault, code) => {
    const telemetry = await withFaults([{ route, fault }]);
    expect(await codeOf(telemetry[kind](query(), signal))).toBe(code);
  });

  test('what failed is asked anew, and then answered', async () => {
    const telemetry = await withFaults([{ route, fault: { kind: 'unavailable' }, times: 1 }]);
    expect(await codeOf(telemetry[kind](query(), signal))).toBe('unavailable.backend');
    expect((await telemetry[kind](query(), signal)).rows.length).toBeGreaterThan(0);
  });

  test('empty pages are passed over', async () => {
    const telemetry = await withFaults([
      { route, fault: { kind: 'empty-pages', pages: 1 }, times: 3 },
    ]);
    const read = await telemetry[kind](query(), signal);
    expect(read.rows.length).toBeGreaterThan(0);
    expect(read.truncated).toBeNull();
  });

  test('pages without end are given up, and it is said', async () => {
    const telemetry = await withFaults([{ route, fault: { kind: 'endless-pages' } }]);
    const read = await telemetry[kind](query(), signal);
    expect(read.rows).toEqual([]);
    expect(read.truncated).toContain('empty pages');
  });

  test('a request that hangs ends as soon as its signal fires', async () => {
    const telemetry = await withFaults([{ route, fault: { kind: 'hang' } }]);
    const stop = new AbortController();
    const reason = new Error('the step was cancelled');
    const reading = failureOf(telemetry[kind](query(), stop.signal));
    const before = performance.now();
    stop.abort(reason);
    expect(await reading).toBe(reason);
    expect(performance.now() - before).toBeLessThan(2_000);
  });
});

test('a part of the time series that is missing is told', async () => {
  const telemetry = await withFaults([
    { route: 'monitoring.timeSeries.list', fault: { kind: 'partial' } },
  ]);
  expect((await telemetry.metrics(query(), signal)).truncated).toContain('unavailable');
});

describe('BigQuery', () => {
  const outliers = (telemetry: Telemetry, callKey: string) =>
    telemetry.warehouse?.findOutliers(
      { window, suspectedAt: window.startAt + 70_000, limit: 50, callKey },
      signal,
    ) ?? Promise.reject(new Error('there is no warehouse'));

  test('a query that would read too much is not run', async () => {
    const warehouse = { table: 'telemetry.samples', location: 'US', maxBytes: 1_000 };
    const telemetry = await withFaults([], { warehouse });
    const before = await requestsTo('bigquery.jobs.getQueryResults');
    expect(await codeOf(outliers(telemetry, 'too much'))).toBe('budget-exceeded.query-cost');
    expect(await requestsTo('bigquery.jobs.getQueryResults')).toBe(before);
  });

  test('a call that is made again finds its job, and pays no second time', async () => {
    const telemetry = await withFaults([]);
    const first = await outliers(telemetry, 'inv-1/aggregation.1.observe.1');
    const second = await outliers(telemetry, 'inv-1/aggregation.1.observe.1');
    expect(second.rows).toEqual(first.rows);
    expect(first.rows.length).toBeGreaterThan(0);
    // The local server runs a job id once, and answers 409 after that.
    expect(await duplicates()).toBe(1);
  });

  test.each([
    ['a used-up quota', { kind: 'quota', retrySeconds: 5 }, 'rate-limited.backend'],
    [
      'a missing role',
      { kind: 'permission-denied', permission: 'bigquery.jobs.create' },
      'forbidden.backend',
    ],
    ['a gateway that fails', { kind: 'malformed' }, 'unavailable.backend'],
  ] as const)('%s is told as what it is', async (_name, fault, code) => {
    const telemetry = await withFaults([{ route: 'bigquery.jobs.insert', fault }]);
    expect(await codeOf(outliers(telemetry, code))).toBe(code);
  });
});
