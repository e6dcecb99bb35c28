import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Client } from '@temporalio/client';
import type { Alert } from '../../core/schemas/alert.ts';
import type { EvidenceSummary } from '../../core/schemas/evidence.ts';
import type { TableView } from '../../core/schemas/evidence-views.ts';
import type { ProgressEvent } from '../../core/schemas/progress.ts';
import type { Report } from '../../core/schemas/report.ts';
import { readCase } from '../../integrations/duckdb/read-case.ts';
import { chooseModel } from '../../scripts/demo/choose-model.ts';
import { demoTelemetry } from '../../scripts/demo/demo-telemetry.ts';
import { callTools } from '../support/call-tools.ts';
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
let client: Client;
let id = '';
let report: Report;
let fromFolder: Report;
let alert: Alert;
let window: { readonly start: string; readonly end: string };
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
  ({ alert, window } = await readCase(dir));
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
  client = await openClient(line.temporalAddress);
  cleanups.push(() => client.connection.close());
  await client.workflow.getHandle(id).result();
  await keepHistories(client, 'google-and-model', await familyOf(client, id));
  fromFolder = await reportOf(line, await investigate(line, { case: dir }));
}, 240_000);

afterAll(async () => {
  await line?.stop();
  for (const cleanup of cleanups.toReversed()) await cleanup();
}, 240_000);

/** What a report says of an incident, whatever it was read from; confidence and texts tell of the evidence that there was. */
const answerOf = ({ verdict, causes, chain }: Report) => ({
  verdict,
  causes: causes.map(({ entity, faultKind, changeId }) => ({ entity, faultKind, changeId })),
  chain: chain.map(({ from, to }) => [from.name, to.name]),
});

test('AU-99 finds the cause that the same incident has from its folder', () => {
  expect(answerOf(report)).toEqual(answerOf(fromFolder));
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

const evidenceOf = async (of: string): Promise<readonly EvidenceSummary[]> => {
  const response = await fetch(`${line.url}/api/v1/investigations/${of}/evidence`);
  const { evidence } = (await response.json()) as { readonly evidence: EvidenceSummary[] };
  return evidence;
};

test('AU-02 the aggregation specialist asks the warehouse for the outliers of the whole fleet, once', async () => {
  const scans = (await evidenceOf(id)).filter(({ tool }) => tool === 'scan-fleet');
  expect(scans.map(({ role, source }) => [role, source.split(',')[0]])).toEqual([
    ['aggregation', 'BigQuery'],
  ]);
  const response = await fetch(`${line.url}/api/v1/investigations/${id}/evidence/${scans[0]?.id}`);
  const { data } = (await response.json()) as { readonly data: TableView };
  // Of what is measured for each service, users' requests alone are otherwise: that checkout fails stands in logs and traces.
  const services = new Set(data.rows.map(([service]) => service));
  expect([...services]).toEqual(['gateway']);
});

test('RT-47 RT-48 the cloud is asked in its own languages, logs of 30 minutes and metrics of 15 where nothing is said', async () => {
  const endAt = Date.parse(window.end);
  const isoBefore = (minutes: number): string => new Date(endAt - minutes * 60_000).toISOString();
  const hour = { start: isoBefore(60), end: window.end };
  const ofHour = await investigate(line, { alert, window: hour });
  await reportOf(line, ofHour);
  const logQuery = 'severity >= ERROR AND resource.labels.container_name = "checkout"';
  const metricQuery = 'workload_googleapis_com:process_cpu_utilization{container_name="payments"}';
  const [logs, metrics] = await callTools({ client, line, id: ofHour }, 'cloud', [
    { tool: 'query-cloud-logs', input: { query: logQuery } },
    { tool: 'query-cloud-metrics', input: { query: metricQuery } },
  ]);
  expect(logs?.ok && logs.digest.notes.join()).toContain('cannot be converted to a BigInt');
  expect(metrics?.ok && metrics.digest.notes.join()).toContain('payments');
  const asked = async (key: string): Promise<EvidenceSummary | undefined> =>
    (await evidenceOf(ofHour)).find((one) => one.key === key);
  const ofLogs = await asked(logQuery);
  expect(ofLogs?.source).toBe('Cloud Logging, projects/local-project');
  expect(ofLogs?.query).toContain(logQuery);
  expect(ofLogs?.query).toContain(`timestamp >= "${isoBefore(30).slice(0, 23)}`);
  const ofMetrics = await asked(metricQuery);
  expect(ofMetrics?.query).toContain(metricQuery);
  expect(ofMetrics?.window).toEqual({ startAt: endAt - 15 * 60_000, endAt });
}, 240_000);

test('says of its evidence which backend it was asked of, and how', async () => {
  const evidence = await evidenceOf(id);
  const sources = new Set(evidence.map(({ source }) => source.split(',')[0]));
  for (const source of ['Cloud Logging', 'Cloud Monitoring', 'Cloud Trace', 'BigQuery']) {
    expect([source, sources.has(source)]).toEqual([source, true]);
  }
  const logs = evidence.find(({ source }) => source.startsWith('Cloud Logging'));
  expect(logs?.query).toContain('timestamp >= "2026-11-21T');
});
