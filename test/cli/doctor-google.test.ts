import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { FaultRules } from '../../examples/local-google/faults.ts';
import { startLocalGoogle } from '../../examples/local-google/start-local-google.ts';
import type { LocalGoogle } from '../../examples/local-google/start-local-google.ts';
import { createGoogleClients } from '../../integrations/google/clients.ts';
import type { GoogleConnection } from '../../integrations/google/connection.ts';
import { createGoogleLooks } from '../../integrations/google/google-looks.ts';
import type { GoogleLooks } from '../../integrations/google/google-looks.ts';
import { verifyGoogle } from '../../integrations/google/verify-google.ts';
import { startTestApi } from '../api/support/api.ts';
import type { TestApi } from '../api/support/api.ts';
import { caseOf } from '../support/incidents.ts';
import { incidentsDir } from '../support/line.ts';
import { runHere } from './run-here.ts';

const projectId = 'shop-prod';
let google: LocalGoogle;
let connection: GoogleConnection;
let looks: GoogleLooks;
let api: TestApi;

beforeAll(async () => {
  process.env['METADATA_SERVER_DETECTION'] = 'none';
  const caseDir = join(incidentsDir, caseOf('healthy'));
  google = await startLocalGoogle({ caseDir, projectId, port: 0 });
  connection = {
    ...{ projectId, endpoint: google.url, metricPrefixes: ['workload.googleapis.com/'] },
    warehouse: { table: 'telemetry.samples', location: 'US', maxBytes: 1_000_000_000 },
  };
  // The libraries are large: they are loaded here, not within the time that a backend is given.
  const warm = createGoogleClients(connection);
  await Promise.all([warm.logging(), warm.metrics(), warm.bigquery()]);
  await warm.close();
  looks = createGoogleLooks(connection);
  api = await startTestApi({ checkBackends: (signal) => looks.verify(Date.now(), signal) });
});
afterAll(async () => {
  await api?.close();
  await looks?.close();
  await google?.close();
});

type Fault = FaultRules['faults'][number]['fault'];
type Faulty = FaultRules['faults'][number]['route'];

async function makeFaults(faults: readonly (readonly [Faulty, Fault])[]): Promise<void> {
  const rules = { faults: faults.map(([route, fault]) => ({ route, fault })) };
  const body = JSON.stringify(rules);
  expect((await fetch(`${google.url}/faults`, { method: 'PUT', body })).status).toBe(200);
}

async function diagnose(
  faults: readonly (readonly [Faulty, Fault])[],
): Promise<ReadonlyMap<string, { readonly state: string; readonly said: string }>> {
  await makeFaults(faults);
  const { stdout } = await runHere(['doctor', '--json'], { HOLDFAST_URL: api.url });
  const checks = JSON.parse(stdout) as readonly {
    readonly name: string;
    readonly state: string;
    readonly found: string;
    readonly advice: string;
  }[];
  return new Map(
    checks.map(({ name, state, found, advice }) => [name, { state, said: `${found}. ${advice}` }]),
  );
}

test('OS-102: finds every backend of a project well', async () => {
  const found = await diagnose([]);
  for (const name of ['Cloud Logging', 'Cloud Monitoring', 'Cloud Trace', 'BigQuery']) {
    expect([name, found.get(name)]).toEqual([name, expect.objectContaining({ state: 'ok' })]);
  }
});

const denied = (permission: string): Fault => ({ kind: 'permission-denied', permission });

test.each([
  [
    'Cloud Logging',
    'logging.entries.list',
    denied('logging.logEntries.list'),
    'roles/logging.viewer',
  ],
  [
    'Cloud Logging',
    'logging.entries.list',
    denied('logging.privateLogEntries.list'),
    'roles/logging.privateLogViewer',
  ],
  [
    'Cloud Monitoring',
    'monitoring.metricDescriptors.list',
    denied('monitoring.metricDescriptors.list'),
    'roles/monitoring.viewer',
  ],
  [
    'Cloud Trace',
    'cloudtrace.traces.list',
    denied('cloudtrace.traces.list'),
    'roles/cloudtrace.user',
  ],
  ['BigQuery', 'bigquery.jobs.insert', denied('bigquery.jobs.create'), 'roles/bigquery.jobUser'],
  [
    'BigQuery',
    'bigquery.jobs.insert',
    denied('bigquery.tables.getData'),
    'roles/bigquery.dataViewer',
  ],
  [
    'BigQuery',
    'bigquery.jobs.insert',
    denied('serviceusage.services.use'),
    'roles/serviceusage.serviceUsageConsumer',
  ],
] as const)(
  'OS-102 OS-109: names the role that %s lacks, and how to grant it',
  async (name, route, fault, role) => {
    const found = await diagnose([[route, fault]]);
    expect(found.get(name)).toMatchObject({ state: 'fail' });
    expect(found.get(name)?.said).toContain(`Grant ${role}`);
    expect(found.get(name)?.said).toContain(`project ${projectId}`);
    const others = [...found].filter(([other]) => other.startsWith('Cloud') && other !== name);
    expect(others.map(([, { state }]) => state)).toEqual(others.map(() => 'ok'));
  },
);

test.each([
  ['Cloud Logging', 'logging.entries.list', 'logging.googleapis.com'],
  ['Cloud Trace', 'cloudtrace.traces.list', 'cloudtrace.googleapis.com'],
] as const)('OS-102: names the API of %s that is not enabled', async (name, route, service) => {
  const found = await diagnose([[route, { kind: 'api-disabled', service }]]);
  expect(found.get(name)?.said).toContain(
    `gcloud services enable ${service} --project ${projectId}`,
  );
});

test.each([
  ['Cloud Monitoring', 'monitoring.metricDescriptors.list'],
  ['BigQuery', 'bigquery.jobs.insert'],
] as const)('OS-102: names the quota project that %s asks for', async (name, route) => {
  const found = await diagnose([[route, { kind: 'quota-project' }]]);
  expect(found.get(name)?.said).toContain('set-quota-project');
  expect(found.get(name)?.said).toContain('roles/serviceusage.serviceUsageConsumer');
});

test('OS-102: says of a backend that it does not answer, and still tells of the others', async () => {
  await makeFaults([['cloudtrace.traces.list', { kind: 'hang' }]]);
  const clients = createGoogleClients(connection);
  const { signal } = new AbortController();
  const checks = await verifyGoogle(
    { connection, clients },
    { now: Date.now(), signal, longestMs: 15_000 },
  );
  await clients.close();
  expect(checks.map(({ name, state }) => [name, state])).toEqual([
    ['Cloud Logging', 'ok'],
    ['Cloud Monitoring', 'ok'],
    ['Cloud Trace', 'fail'],
    ['BigQuery', 'ok'],
  ]);
  expect(checks[2]?.found).toBe('no answer within 15000 ms');
});

test('ends with the exit code of what is unavailable when a backend refuses', async () => {
  await diagnose([['cloudtrace.traces.list', denied('cloudtrace.traces.list')]]);
  const { code, stdout } = await runHere(['doctor'], { HOLDFAST_URL: api.url });
  expect(code).toBe(5);
  expect(stdout).toContain('roles/cloudtrace.user');
});
