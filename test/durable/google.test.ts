import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ProgressEvent } from '../../core/schemas/progress.ts';
import type { Report } from '../../core/schemas/report.ts';
import { readCase } from '../../integrations/duckdb/read-case.ts';
import { startLocalGoogleProcess } from '../../scripts/demo/local-google.ts';
import type { LocalGoogleProcess } from '../../scripts/demo/local-google.ts';
import { caseOf } from '../support/incidents.ts';
import { eventsOf, incidentsDir, investigate, reportOf, startLine } from '../support/line.ts';
import type { Line } from '../support/line.ts';
import { sharedTemporal } from '../support/temporal.ts';

/** An investigation that reads a project of Google Cloud through the real clients, in processes of their own. */
const projectId = 'shop-prod';
const dir = join(incidentsDir, caseOf('bad-deploy'));
let google: LocalGoogleProcess;
let line: Line;
let id = '';
let report: Report;
let events: readonly ProgressEvent[] = [];

async function makeFaults(faults: readonly object[]): Promise<void> {
  const put = await fetch(`${google.url}/faults`, {
    method: 'PUT',
    body: JSON.stringify({ faults }),
  });
  expect(put.status).toBe(200);
}

beforeAll(async () => {
  google = await startLocalGoogleProcess(dir, projectId);
  line = await startLine({
    temporalAddress: sharedTemporal().address,
    env: {
      METADATA_SERVER_DETECTION: 'none',
      HOLDFAST_TELEMETRY: 'google-cloud',
      GOOGLE_CLOUD_PROJECT: projectId,
      HOLDFAST_GOOGLE_ENDPOINT: google.url,
      HOLDFAST_BIGQUERY_TABLE: 'telemetry.samples',
    },
  });
  await makeFaults([
    // The trace specialist and scope share one reading of traces; the first is asked to come back.
    { route: 'cloudtrace.traces.list', fault: { kind: 'quota', retrySeconds: 2 }, times: 1 },
  ]);
  const { alert, window } = await readCase(dir);
  id = await investigate(line, { alert, window });
  report = await reportOf(line, id);
  events = await eventsOf(line, id);
}, 240_000);

afterAll(async () => {
  await line?.stop();
  await google?.stop();
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

test('asks each backend through its own client', async () => {
  const { counts } = (await (await fetch(`${google.url}/counts`)).json()) as {
    readonly counts: readonly {
      readonly route: string;
      readonly client: string;
      readonly requests: number;
    }[];
  };
  const asked = new Map(counts.map(({ route, client, requests }) => [route, { client, requests }]));
  const clients = {
    'logging.entries.list': /^gapic/,
    'monitoring.timeSeries.list': /^gapic/,
    'cloudtrace.traces.list': /./,
    'bigquery.jobs.insert': /^gcloud-node-bigquery/,
  };
  for (const [route, client] of Object.entries(clients)) {
    expect([route, asked.get(route)?.requests ?? 0]).not.toEqual([route, 0]);
    expect(asked.get(route)?.client).toMatch(client);
  }
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
