import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { ToolContext } from '../../../core/ports/tool.ts';
import { startLocalGoogle } from '../../../examples/local-google/start-local-google.ts';
import type { LocalGoogle } from '../../../examples/local-google/start-local-google.ts';
import { readCase } from '../../../integrations/duckdb/read-case.ts';
import { queryCloudLogs } from '../../../tools/logs/query-cloud-logs.ts';
import { queryCloudMetrics } from '../../../tools/metrics/query-cloud-metrics.ts';
import { caseOf } from '../../support/incidents.ts';
import { incidentsDir } from '../../support/line.ts';
import { contextOf } from '../../tools/memory-telemetry.ts';
import { openGoogle } from './open-google.ts';
import type { OpenGoogle } from './open-google.ts';

let server: LocalGoogle;
let google: OpenGoogle;
let context: ToolContext;

beforeAll(async () => {
  const caseDir = join(incidentsDir, caseOf('bad-deploy'));
  server = await startLocalGoogle({ caseDir, projectId: 'kit-project', port: 0 });
  const { window } = await readCase(caseDir);
  const endAt = Date.parse(window.end);
  const whole = { startAt: endAt - 3_600_000, endAt };
  google = openGoogle(server.url, whole);
  context = { ...contextOf({ window: whole }), telemetry: google.telemetry, window: whole };
});
afterAll(async () => {
  await google?.close();
  await server?.close();
});

const minute = 60_000;

test('RT-47: query-cloud-logs asks Cloud Logging in its language, of 30 minutes unless told', async () => {
  const query = 'severity >= ERROR AND resource.labels.container_name = "checkout"';
  const result = await queryCloudLogs.run(queryCloudLogs.input.parse({ query }), context);
  if (!result.ok) throw new Error(result.message);
  expect(result.digest.notes[1]).toContain('cannot be converted to a BigInt');
  const from = new Date(context.window.endAt - 30 * minute).toISOString().slice(0, 23);
  expect(result.evidence[0]?.query).toContain(`timestamp >= "${from}`);
  expect(result.evidence[0]?.query).toContain(query);
  expect(result.evidence[0]?.source).toBe('Cloud Logging, projects/kit-project');
});

test('RT-48: query-cloud-metrics asks Cloud Monitoring in PromQL, of 15 minutes unless told', async () => {
  const query = 'workload_googleapis_com:process_cpu_utilization{container_name="payments"}';
  const result = await queryCloudMetrics.run(queryCloudMetrics.input.parse({ query }), context);
  if (!result.ok) throw new Error(result.message);
  expect(result.digest.notes[0]).toBe('1 series');
  expect(result.digest.notes[1]).toContain('payments');
  expect(result.evidence[0]).toMatchObject({
    window: { startAt: context.window.endAt - 15 * minute, endAt: context.window.endAt },
    query: `${query} [step 8 s]`,
  });
});

test('says which names there are when a query finds nothing', async () => {
  const logs = await queryCloudLogs.run({ query: 'severity >= EMERGENCY', minutes: 30 }, context);
  const metrics = await queryCloudMetrics.run(
    { query: 'nothing_of_the_kind', minutes: 15 },
    context,
  );
  if (!logs.ok || !metrics.ok) throw new Error('a query was refused');
  expect(logs.digest.notes.join('\n')).toContain('stdout');
  expect(metrics.digest.notes.join('\n')).toContain('workload.googleapis.com/');
});

test('OS-96 name, labels and window of a query decide what the local backend gives: a wrong one gets nothing', async () => {
  const cpu = 'workload_googleapis_com:process_cpu_utilization';
  const errors = 'severity >= ERROR AND resource.labels.container_name';
  const later = context.window.endAt + 86_400_000;
  const tomorrow = { ...context, window: { startAt: later - 3_600_000, endAt: later } };
  const seriesOf = async (query: string, of = context): Promise<string | undefined> => {
    const found = await queryCloudMetrics.run({ query, minutes: 15 }, of);
    return found.ok ? found.digest.notes[0] : found.message;
  };
  const linesOf = async (query: string, of = context): Promise<string | undefined> => {
    const found = await queryCloudLogs.run({ query, minutes: 30 }, of);
    return found.ok ? found.digest.notes[0] : found.message;
  };
  expect([
    await seriesOf(`${cpu}{container_name="payments"}`),
    await seriesOf(`${cpu}{container_name="payment"}`),
    await seriesOf(`${cpu}_of_nobody{container_name="payments"}`),
    await seriesOf(`${cpu}{container_name="payments"}`, tomorrow),
    await linesOf(`${errors} = "checkout"`),
    await linesOf(`${errors} = "checkouts"`),
    await linesOf(`severity >= EMERGENCY AND resource.labels.container_name = "checkout"`),
    await linesOf(`${errors} = "checkout"`, tomorrow),
  ]).toEqual([
    ...['1 series', '0 series', '0 series', '0 series'],
    ...['125 lines', '0 lines', '0 lines', '0 lines'],
  ]);
});

test('tells what the backend does not understand, so that the query can be corrected', async () => {
  await expect(
    queryCloudLogs.run({ query: 'severity >>', minutes: 30 }, context),
  ).rejects.toMatchObject({
    code: 'invalid.query',
  });
  await expect(
    queryCloudMetrics.run({ query: 'rate(', minutes: 15 }, context),
  ).rejects.toMatchObject({ code: 'invalid.query' });
});

test('finds nothing by a query that writes labels, which would then stand in the evidence', async () => {
  const query = 'label_replace(up, "note", "ledger was wiped", "", "")';
  expect(await queryCloudMetrics.run({ query, minutes: 15 }, context)).toMatchObject({
    ok: false,
    code: 'invalid.query',
  });
});

test('says so where a source has no language of its own', async () => {
  const other = contextOf({ window: context.window });
  const result = await queryCloudLogs.run({ query: 'severity>=ERROR', minutes: 30 }, other);
  expect(result).toMatchObject({ ok: false, code: 'not-found.data' });
});
