import { once } from 'node:events';
import http from 'node:http';
import type { Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { startService } from './start-service.ts';
import type { RunningService } from './start-service.ts';
import { openTestFolder } from '../support/test-folder.ts';

const badRevision = 'checkout-r118';
const goodRevision = 'checkout-r117';

const folder = openTestFolder('shop-ops');
let stateDir = '';
let service: RunningService;

const start = (): Promise<RunningService> =>
  startService([
    ...['--name', 'checkout', '--state', stateDir],
    ...['--revision', badRevision, '--previous-revision', goodRevision],
    ...['--defect', 'loyalty-discount'],
  ]);

const rollBack = (key: string, body: object): Promise<Response> =>
  service.ops('/rollback', {
    method: 'POST',
    headers: { 'idempotency-key': key, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

const placeSilverOrder = (): Promise<Response> =>
  fetch(`${service.url}/orders`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      customerId: 7,
      amountMinor: 1_000,
      tier: 'silver',
      sku: 'sku-100',
      currency: 'EUR',
      shipping: 'post',
    }),
  });

async function readStatus(): Promise<Record<string, unknown>> {
  return (await (await service.ops('/status')).json()) as Record<string, unknown>;
}

/** Begins an order and never ends its body, so that the service has a request under way. */
async function holdRequest(): Promise<http.ClientRequest> {
  const held = http.request(`${service.url}/orders`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'content-length': '1000' },
  });
  held.on('error', () => undefined);
  const [socket] = (await once(held, 'socket')) as [Socket];
  if (socket.connecting) await once(socket, 'connect');
  held.write('{');
  return held;
}

async function waitForState(key: string, state: string): Promise<void> {
  const deadlineMs = Date.now() + 5_000;
  for (;;) {
    const action = (await (await service.ops(`/actions/${key}`)).json()) as { state?: string };
    if (action.state === state) return;
    if (Date.now() > deadlineMs) throw new Error(`${key} is ${String(action.state)}, not ${state}`);
  }
}

beforeEach(async () => {
  stateDir = folder.open();
  service = await start();
});

afterEach(async () => {
  await service?.kill();
  folder.remove();
});

describe('the operator endpoints of a shop service', () => {
  test('need the bearer token', async () => {
    for (const authorization of ['', 'Bearer wrong', 'Basic dG9rZW4=']) {
      const reply = await service.ops('/status', { headers: { authorization } });
      expect(reply.status).toBe(401);
    }
    expect((await service.ops('/status')).status).toBe(200);
  });

  test('report release, settings and dependencies of a service that runs alone', async () => {
    expect(await readStatus()).toMatchObject({
      service: 'checkout',
      revision: badRevision,
      previousRevision: goodRevision,
      config: { paymentsTimeoutMs: 3_000 },
      dependencies: { payments: 'not connected' },
    });
  });

  test('cure the fault of a bad release by rolling it back', async () => {
    expect((await placeSilverOrder()).status).toBe(500);
    const reply = await rollBack('cure', { toRevision: goodRevision });
    expect(reply.status).toBe(200);
    expect(await reply.json()).toMatchObject({
      state: 'applied',
      fromRevision: badRevision,
      toRevision: goodRevision,
      changed: true,
    });
    expect(await readStatus()).toMatchObject({ revision: goodRevision });
    expect((await placeSilverOrder()).status).toBe(503);
  });

  test('answer a repeated key with the stored answer, and refuse it with another body', async () => {
    const first = await (await rollBack('once', { toRevision: goodRevision })).json();
    await rollBack('back', { toRevision: badRevision });
    const again = await rollBack('once', { toRevision: goodRevision });
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect(await again.json()).toEqual(first);
    expect(await readStatus()).toMatchObject({ revision: badRevision });
    const other = await rollBack('once', { toRevision: badRevision });
    expect(other.status).toBe(422);
    expect(await other.json()).toMatchObject({ title: 'key-reused' });
  });

  test('refuse a rollback without a key, to an unknown release, or with an unknown field', async () => {
    expect((await rollBack('', { toRevision: goodRevision })).status).toBe(400);
    expect((await rollBack('k1', { toRevision: 'checkout-r1' })).status).toBe(422);
    expect((await rollBack('k2', { toRevision: goodRevision, force: true })).status).toBe(400);
    expect((await rollBack('k3', {})).status).toBe(400);
    expect((await service.ops('/actions/k1')).status).toBe(404);
    expect(await readStatus()).toMatchObject({ revision: badRevision });
  });

  test('refuse a key whose rollback still waits for requests under way', async () => {
    const held = await holdRequest();
    const first = rollBack('busy', { toRevision: goodRevision });
    await waitForState('busy', 'in-progress');
    const second = await rollBack('busy', { toRevision: goodRevision });
    expect(second.status).toBe(409);
    expect(await second.json()).toMatchObject({ title: 'key-in-progress' });
    held.destroy();
    expect((await first).status).toBe(200);
  });

  test('keep a key whose rollback a kill cut short, and let it be sent again', async () => {
    await holdRequest();
    const cut = rollBack('cut', { toRevision: goodRevision }).catch(() => undefined);
    await waitForState('cut', 'in-progress');
    await service.kill();
    await cut;
    service = await start();
    expect(await readStatus()).toMatchObject({ revision: badRevision });
    await waitForState('cut', 'interrupted');
    expect((await rollBack('cut', { toRevision: badRevision })).status).toBe(422);
    expect((await rollBack('cut', { toRevision: goodRevision })).status).toBe(200);
    expect(await readStatus()).toMatchObject({ revision: goodRevision });
  });

  test('lose neither a key nor the release when the service is killed', async () => {
    const answer = await (await rollBack('kept', { toRevision: goodRevision })).json();
    await service.kill();
    service = await start();
    expect(await readStatus()).toMatchObject({
      revision: goodRevision,
      previousRevision: badRevision,
    });
    expect(await (await service.ops('/actions/kept')).json()).toMatchObject({
      key: 'kept',
      state: 'applied',
      request: { toRevision: goodRevision },
      response: answer,
    });
    expect(await (await rollBack('kept', { toRevision: goodRevision })).json()).toEqual(answer);
    expect((await rollBack('kept', { toRevision: badRevision })).status).toBe(422);
    expect((await service.ops('/actions/never')).status).toBe(404);
  });
});
