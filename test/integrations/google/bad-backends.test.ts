import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { toApplicationFailure } from '../../../activities/failures.ts';
import { isAppError } from '../../../core/errors.ts';
import type { Telemetry } from '../../../core/ports/telemetry.ts';
import type { FaultRules } from '../../../examples/local-google/faults.ts';
import {
  askedRoutes,
  faultsOf,
  listScenarios,
  readScenario,
} from '../../../examples/local-google/scenarios.ts';
import type { Asked } from '../../../examples/local-google/scenarios.ts';
import { startLocalGoogle } from '../../../examples/local-google/start-local-google.ts';
import type { LocalGoogle } from '../../../examples/local-google/start-local-google.ts';
import { readCase } from '../../../integrations/duckdb/read-case.ts';
import { caseOf } from '../../support/incidents.ts';
import { incidentsDir } from '../../support/line.ts';
import { waitUntil } from '../../support/wait-until.ts';
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
});
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
});
afterAll(() => server?.close());

type Rule = Omit<FaultRules['faults'][number], 'after'>;

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

const outliers = (telemetry: Telemetry, callKey: string, abort: AbortSignal = signal) =>
  telemetry.warehouse?.findOutliers(
    { window, suspectedAt: window.startAt + 70_000, limit: 1_000, callKey },
    abort,
  ) ?? Promise.reject(new Error('there is no warehouse'));

interface Answer {
  readonly rows: number;
  /** What is missing or doubtful. */
  readonly says: string | null;
}
let calls = 0;

async function answerTo(asked: Asked, telemetry: Telemetry): Promise<Answer> {
  if (asked === 'coverage') {
    const traces = (await telemetry.coverage(signal)).find(({ kind }) => kind === 'traces');
    return { rows: traces?.rows ?? 0, says: traces?.problem ?? null };
  }
  const { rows, truncated } = await readOf(asked, telemetry);
  return { rows: rows.length, says: truncated };
}

type Reading = Promise<{ readonly rows: readonly unknown[]; readonly truncated: string | null }>;

function readOf(asked: Exclude<Asked, 'coverage'>, telemetry: Telemetry): Reading {
  switch (asked) {
    case 'promql': {
      const cpu = 'workload_googleapis_com:process_cpu_utilization';
      const { metrics } = telemetry.native ?? {};
      return metrics?.query(cpu, query(), signal) ?? Promise.reject(new Error('no PromQL'));
    }
    case 'outliers':
    case 'outliers-rows':
      return outliers(telemetry, `call ${(calls += 1)}`);
    default:
      return telemetry[asked](query(), signal);
  }
}

describe('a scenario', () => {
  const healthy = new Map<Asked, Answer>();

  beforeAll(async () => {
    const telemetry = await withFaults([]);
    for (const asked of Object.keys(askedRoutes) as Asked[]) {
      healthy.set(asked, await answerTo(asked, telemetry));
    }
  });

  test('would be told of nothing when all is well', () => {
    for (const answer of healthy.values()) {
      expect(answer.rows).toBeGreaterThan(0);
      expect(answer.says).toBeNull();
    }
  });

  test.each(
    listScenarios().flatMap((name) => readScenario(name).asks.map((asked) => [name, asked])),
  )('%s ends as it says: %s', async (name, asked) => {
    const scenario = readScenario(name);
    const { fault, expected } = scenario;
    const change = fault.kind === 'hang' ? { deadlineMs: 300 } : {};
    const telemetry = await withFaults(faultsOf(scenario).faults, change);
    const route = askedRoutes[asked as Asked];
    const before = await requestsTo(route);
    const work = answerTo(asked as Asked, telemetry);
    if ('rows' in expected) {
      const { rows, says } = await work;
      const all = healthy.get(asked as Asked)?.rows ?? 0;
      expect(rows === all ? 'all' : rows === 0 ? 'none' : rows < all && 'fewer').toBe(
        expected.rows,
      );
      if (expected.says === null) expect(says).toBeNull();
      else expect(says).toContain(expected.says);
      return;
    }
    const error = await failureOf(work);
    const failure = toApplicationFailure(error);
    expect([failure.type, failure.nextRetryDelay ?? null]).toEqual([
      expected.code,
      expected.retryAfterMs,
    ]);
    expect(failure.message).toContain(expected.says);
    // The client does not ask by itself again; metric types are asked of a few at a time.
    expect((await requestsTo(route)) - before).toBeLessThanOrEqual(asked === 'metrics' ? 6 : 1);
  });
});

describe.each(kinds)('%s', (kind, route) => {
  test('what failed is asked anew, and then answered', async () => {
    const telemetry = await withFaults([{ route, fault: { kind: 'unavailable' }, times: 1 }]);
    expect(await codeOf(telemetry[kind](query(), signal))).toBe('unavailable.backend');
    expect((await telemetry[kind](query(), signal)).rows.length).toBeGreaterThan(0);
  });

  test('a request that hangs ends as soon as its signal fires', async () => {
    const telemetry = await withFaults([{ route, fault: { kind: 'hang' } }]);
    const stop = new AbortController();
    const reason = new Error('the step was cancelled');
    const reading = failureOf(telemetry[kind](query(), stop.signal));
    const before = performance.now();
    stop.abort(reason);
    expect(await reading).toBe(reason);
    expect(performance.now() - before).toBeLessThan(20_000);
  });
});

describe('BigQuery', () => {
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

  const results = 'bigquery.jobs.getQueryResults';

  test.each(['backendError', 'jobBackendError', 'rateLimitExceeded'] as const)(
    'a job that ended in %s is followed by another when the call is made again, and that one is found after it',
    async (reason) => {
      const failed = { route: results, fault: { kind: 'job-error', reason }, times: 1 } as const;
      const telemetry = await withFaults([failed]);
      const key = `inv-2/${reason}`;
      expect(await codeOf(outliers(telemetry, key))).toMatch(/^(unavailable|rate-limited)/);
      const second = await outliers(telemetry, key);
      expect(second.rows.length).toBeGreaterThan(0);
      const before = await requestsTo('bigquery.jobs.insert');
      const known = await duplicates();
      expect((await outliers(telemetry, key)).rows).toEqual(second.rows);
      // A dry run, the first job and the second: both are there.
      expect((await requestsTo('bigquery.jobs.insert')) - before).toBe(3);
      expect((await duplicates()) - known).toBe(2);
    },
  );

  test('a job whose query is wrong is not followed by another', async () => {
    const fault = { kind: 'job-error', reason: 'invalidQuery' } as const;
    const telemetry = await withFaults([{ route: results, fault, times: 1 }]);
    expect(await codeOf(outliers(telemetry, 'inv-3/wrong'))).toBe('invalid.query');
    const before = await requestsTo('bigquery.jobs.insert');
    expect(await codeOf(outliers(telemetry, 'inv-3/wrong'))).toBe('invalid.query');
    expect((await requestsTo('bigquery.jobs.insert')) - before).toBe(2);
  });

  test('jobs that fail again and again are five at most', async () => {
    const fault = { kind: 'job-error', reason: 'backendError' } as const;
    const telemetry = await withFaults([{ route: results, fault }]);
    for (let attempt = 1; attempt <= 6; attempt += 1) {
      expect(await codeOf(outliers(telemetry, 'inv-4/always'))).toBe('unavailable.backend');
    }
    const before = await requestsTo('bigquery.jobs.insert');
    const known = await duplicates();
    expect(await codeOf(outliers(telemetry, 'inv-4/always'))).toBe('unavailable.backend');
    expect((await requestsTo('bigquery.jobs.insert')) - before).toBe(6);
    expect((await duplicates()) - known).toBe(5);
  });

  test.each([
    ['given up', 'CANCELLED', 1, 2],
    ['handed on by a worker that stops', 'WORKER_SHUTDOWN', 0, 1],
  ])('the job of a step that is %s', async (_what, reason, cancelled, run) => {
    const telemetry = await withFaults([{ route: results, fault: { kind: 'hang' }, times: 1 }]);
    const cancels = await requestsTo('bigquery.jobs.cancel');
    const inserts = await requestsTo('bigquery.jobs.insert');
    const known = await duplicates();
    const asked = await requestsTo(results);
    const stop = new AbortController();
    const key = `inv-5/${reason}`;
    const first = failureOf(outliers(telemetry, key, stop.signal));
    await waitUntil('the rows are asked for', async () => (await requestsTo(results)) > asked);
    stop.abort(new Error(reason));
    expect(await first).toBe(stop.signal.reason);
    const cancelledBy = async () => (await requestsTo('bigquery.jobs.cancel')) - cancels;
    await waitUntil('the job is cancelled', async () => (await cancelledBy()) >= cancelled);
    expect((await outliers(telemetry, key)).rows.length).toBeGreaterThan(0);
    expect(await cancelledBy()).toBe(cancelled);
    const accepted = (await requestsTo('bigquery.jobs.insert')) - inserts - 2; // two dry runs
    expect(accepted - ((await duplicates()) - known)).toBe(run);
  });
});
