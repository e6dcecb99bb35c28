import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ProgressEvent } from '../../core/schemas/progress.ts';
import type { Report } from '../../core/schemas/report.ts';
import { chooseModel } from '../../scripts/demo/choose-model.ts';
import { demoTelemetry } from '../../scripts/demo/demo-telemetry.ts';
import { familyOf, keepHistories, openClient } from '../support/history.ts';
import { caseOf } from '../support/incidents.ts';
import {
  eventsOf,
  eventually,
  incidentsDir,
  investigate,
  reportOf,
  startLine,
} from '../support/line.ts';
import type { Line } from '../support/line.ts';
import { sharedTemporal } from '../support/temporal.ts';

/**
 * An investigation as `npm run demo -- --telemetry google --model gemini-local` makes it, with the trace agent on: through the real clients, in processes of
 * their own.
 */
const cleanups: (() => Promise<void>)[] = [];
let settings: Readonly<Record<string, string>> = {};
let line: Line;
let id = '';
let report: Report;
let events: readonly ProgressEvent[] = [];

async function makeFaults(faults: readonly object[]): Promise<void> {
  const put = await fetch(`${settings['HOLDFAST_GOOGLE_ENDPOINT']}/faults`, {
    method: 'PUT',
    body: JSON.stringify({ faults }),
  });
  expect(put.status).toBe(200);
}

/** How often the two servers were asked, by the route and by the client that it said it was. */
async function requests(): Promise<ReadonlyMap<string, number>> {
  const answers = await Promise.all(
    [settings['HOLDFAST_GOOGLE_ENDPOINT'], settings['GOOGLE_GEMINI_BASE_URL']].map(async (url) =>
      (await fetch(`${url}/counts`)).json(),
    ),
  );
  const [{ counts }, { clients }] = answers as [
    { readonly counts: readonly { route: string; client: string; requests: number }[] },
    { readonly clients: Readonly<Record<string, number>> },
  ];
  return new Map([
    ...counts.map((one) => [`${one.route} ${one.client}`, one.requests] as const),
    ...Object.entries(clients),
  ]);
}

beforeAll(async () => {
  const dir = join(incidentsDir, caseOf('bad-deploy'));
  const { request, ...telemetry } = await demoTelemetry('google', dir, cleanups);
  settings = { ...telemetry.settings, ...(await chooseModel('gemini-local', cleanups)) };
  line = await startLine({
    temporalAddress: sharedTemporal().address,
    env: { HOLDFAST_TRACE_AGENT: 'true', ...settings },
  });
  await makeFaults([
    // The trace specialist and scope share one reading of traces; the first is asked to come back.
    { route: 'cloudtrace.traces.list', fault: { kind: 'quota', retrySeconds: 2 }, times: 1 },
  ]);
  id = await investigate(line, request);
  report = await reportOf(line, id);
  events = await eventsOf(line, id);
  const client = await openClient(line.temporalAddress);
  cleanups.push(() => client.connection.close());
  await client.workflow.getHandle(id).result();
  await keepHistories(client, 'google-and-model', await familyOf(client, id));
}, 240_000);

afterAll(async () => {
  await line?.stop();
  for (const cleanup of cleanups.toReversed()) await cleanup();
}, 60_000);

test('finds the cause that the same incident has from its folder', () => {
  expect(report).toMatchObject({
    case: `live-${id}`,
    status: 'completed',
    verdict: 'cause-found',
    causes: [
      {
        entity: { kind: 'service', name: 'checkout' },
        faultKind: 'bad-deploy',
        changeId: 'checkout-r119',
      },
    ],
  });
});

test.each([
  ['@google-cloud/logging', /^logging.entries.list gapic/],
  ['@google-cloud/monitoring', /^monitoring.timeSeries.list gapic/],
  ['@google-cloud/bigquery', /^bigquery.jobs.insert gcloud-node-bigquery/],
  ['the reader of Cloud Trace', /^cloudtrace.traces.list /],
  ['@google/genai', /^google-genai-sdk$/],
  ['@google-cloud/trace-agent', /^cloudtrace.traces.patch /],
])('goes through %s', async (_name, asked) => {
  // The trace agent sends what it has every few seconds.
  const count = await eventually(`a request to ${asked.source}`, 20_000, async () => {
    const found = [...(await requests())].find(([key]) => asked.test(key));
    return found?.[1];
  });
  expect(count).toBeGreaterThan(0);
});

describe('a quota that is used up', () => {
  test('lets its step wait as long as the backend says, and be made again', () => {
    const failed = events.find(
      ({ type, text }) => type === 'failed' && text.includes('rate-limited'),
    );
    const ended = events.find(
      ({ type, stepKey }) => type === 'ended' && stepKey === failed?.stepKey,
    );
    expect(failed?.attempt).toBe(1);
    expect(ended?.attempt).toBe(2);
    const waitedMs = Date.parse(ended?.at ?? '') - Date.parse(failed?.at ?? '');
    expect(waitedMs).toBeGreaterThanOrEqual(1_900);
  });
});

test('says of its evidence which backend it was asked of, and how', async () => {
  const response = await fetch(`${line.url}/api/v1/investigations/${id}/evidence`);
  const { evidence } = (await response.json()) as {
    readonly evidence: readonly { readonly source: string; readonly query: string }[];
  };
  const sources = new Set(evidence.map(({ source }) => source.split(',')[0]));
  for (const source of ['Cloud Logging', 'Cloud Monitoring', 'Cloud Trace', 'BigQuery']) {
    expect([source, sources.has(source)]).toEqual([source, true]);
  }
  const logs = evidence.find(({ source }) => source.startsWith('Cloud Logging'));
  expect(logs?.query).toContain('timestamp >= "2026-11-21T');
});
