import { describe, expect, test } from '@jest/globals';
import { encodeAuditLog, auditLogType } from '../../../examples/local-google/audit-log.ts';
import { startLocalGoogle } from '../../../examples/local-google/start-local-google.ts';
import { toStruct } from '../../../examples/local-google/struct.ts';
import type { JsonObject } from '../../../examples/local-google/struct.ts';
import type { GoogleClients } from '../../../integrations/google/clients.ts';
import { readChanges } from '../../../integrations/google/read-changes.ts';
import { manifest, windowEnd, windowStart, writeCaseFolder } from '../duckdb/case-folder.ts';
import { openGoogle } from './open-google.ts';

const window = { startAt: Date.parse(windowStart), endAt: Date.parse(windowEnd) };
const { signal } = new AbortController();
const deploy = 'io.k8s.apps.v1.deployments.patch';

interface Write {
  readonly method: string;
  readonly service: string;
  readonly annotations?: JsonObject;
}

/** A project whose audit log holds these writes, oldest first, a second apart; it lets through whatever the filter is. */
function projectOf(writes: readonly Write[]) {
  const entries = writes.map(({ method, service, annotations = {} }, index) => {
    const object = toStruct({ metadata: { annotations } });
    const audit = {
      ...{ serviceName: 'k8s.io', methodName: method, request: object, response: object },
      resourceName: `apps/v1/namespaces/shop/deployments/${service}`,
      authenticationInfo: { principalEmail: 'a' },
    };
    return {
      insertId: String(index),
      timestamp: { seconds: window.startAt / 1_000 + index },
      protoPayload: { type_url: auditLogType, value: encodeAuditLog(audit) },
    };
  });
  let pages = 0;
  const listLogEntries = (asked: {
    readonly orderBy: string;
    readonly pageSize: number;
    readonly pageToken: string;
  }) => {
    pages += 1;
    const ordered = asked.orderBy === 'timestamp desc' ? entries.toReversed() : entries;
    const from = Number(asked.pageToken);
    const until = from + asked.pageSize;
    const nextPageToken = until < ordered.length ? String(until) : '';
    return Promise.resolve([ordered.slice(from, until), null, { nextPageToken }]);
  };
  const logging = () => Promise.resolve({ listLogEntries });
  const clients = { deadlineMs: 5_000, logging } as unknown as GoogleClients;
  return { backend: { clients, projectId: 'kit' }, pages: () => pages };
}

const noise = (count: number): readonly Write[] =>
  Array.from({ length: count }, () => ({
    method: 'io.k8s.core.v1.pods.create',
    service: 'shop',
  }));

describe('changes of a busy cluster', () => {
  test('are found behind 600 writes that are none', async () => {
    const { backend } = projectOf([...noise(600), { method: deploy, service: 'shop' }]);
    const { rows, truncated } = await readChanges(backend, { window, limit: 500 }, signal);
    expect(rows.map(({ kind, service }) => [kind, service])).toEqual([['deploy', 'shop']]);
    expect(truncated).toBeNull();
  });

  test('are looked for page by page, until 10,000 entries were seen', async () => {
    const first = { method: deploy, service: 'first' };
    const near = projectOf([first, ...noise(9_000)]);
    const found = await readChanges(near.backend, { window, limit: 500 }, signal);
    expect(found.rows).toHaveLength(1);
    expect([found.truncated, near.pages()]).toEqual([null, 10]);
    const far = projectOf([first, ...noise(12_000)]);
    const given = await readChanges(far.backend, { window, limit: 500 }, signal);
    expect(given.rows).toEqual([]);
    expect(given.truncated).toBe('only the last 10000 entries of the audit log were read');
    expect(far.pages()).toBe(10);
  });

  test('are the last of too many, oldest first', async () => {
    const services = Array.from({ length: 20 }, (_, index) => `shop-${index}`);
    const { backend } = projectOf(services.map((service) => ({ method: deploy, service })));
    const { rows, truncated } = await readChanges(backend, { window, limit: 3 }, signal);
    expect(rows.map(({ service }) => service)).toEqual(['shop-17', 'shop-18', 'shop-19']);
    expect(truncated).toBe('more than 3 rows; only the last 3 were read');
  });

  test('are found of one service behind those of others', async () => {
    const others = Array.from({ length: 1_500 }, () => ({ method: deploy, service: 'other' }));
    const { backend } = projectOf([{ method: deploy, service: 'shop' }, ...others]);
    const { rows } = await readChanges(backend, { window, service: 'shop', limit: 500 }, signal);
    expect(rows).toHaveLength(1);
  });
});

test.each([
  ['io.k8s.coordination.v1.leases.update', null, null],
  ['io.k8s.core.v1.pods.binding.create', null, null],
  ['io.k8s.apps.v1.deployments.status.patch', null, null],
  ['io.k8s.authorization.v1.selfsubjectaccessreviews.create', null, null],
  ['io.k8s.core.v1.serviceaccounts.token.create', null, null],
  ['io.k8s.apps.v1.replicasets.update', null, 'deploy'],
  ['io.k8s.apps.v1.replicasets.scale.update', 'scale', 'deploy'],
  ['io.k8s.core.v1.pods.delete', null, 'deploy'],
  ['io.k8s.batch.v1.jobs.create', null, 'deploy'],
  [deploy, 'deploy', 'deploy'],
  ['io.k8s.core.v1.configmaps.update', 'config', 'deploy'],
  ['google.cloud.run.v2.Services.UpdateService', 'deploy', 'deploy'],
])('%s changes %s, and %s where it is annotated as a deploy', async (method, plain, annotated) => {
  const annotations = { 'change.kind': 'deploy' };
  const { backend } = projectOf([
    { method, service: 'a' },
    { method, service: 'b', annotations },
  ]);
  const { rows } = await readChanges(backend, { window, limit: 500 }, signal);
  const kindOf = (name: string) => rows.find(({ service }) => service === name)?.kind ?? null;
  expect([kindOf('a'), kindOf('b')]).toEqual([plain, annotated]);
});

test('Cloud Logging is told what is no change, and sends the others', async () => {
  const changes = [
    { id: 'r1', kind: 'deploy', service: 'shop', title: 'Release', time: '2026-11-20T09:50:00Z' },
    { id: 's1', kind: 'schema', service: 'shop', title: 'Column', time: '2026-11-20T09:51:00Z' },
  ];
  const folder = await writeCaseFolder({
    'incident.yaml': manifest(['changes: [{ files: [changes.jsonl], format: jsonl }]']),
    'changes.jsonl': changes.map((one) => JSON.stringify(one)).join('\n'),
  });
  const options = { caseDir: folder.dir, projectId: 'kit-project', port: 0 };
  const server = await startLocalGoogle({ ...options, controllerWrites: 3_000 });
  const google = openGoogle(server.url, window);
  try {
    const { rows, truncated } = await google.telemetry.changes({ window, limit: 500 }, signal);
    expect(rows.map(({ id }) => id)).toEqual(['r1', 's1']);
    expect(truncated).toBeNull();
    const { counts } = (await (await fetch(`${server.url}/counts`)).json()) as {
      readonly counts: readonly { readonly requests: number }[];
    };
    expect(counts.map(({ requests }) => requests)).toEqual([1]);
  } finally {
    await google.close();
    await server.close();
    folder.remove();
  }
});
