import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startShopServices, type ShopServices } from '../../../scripts/demo/shop-services.ts';
import { openTestFolder } from '../../support/test-folder.ts';

const folder = openTestFolder('demo');
let shop: ShopServices | null = null;
beforeAll(async () => {
  const caseDir = folder.open();
  const deploy = (time: string, service: string, revision: string): string =>
    JSON.stringify({ time, kind: 'deploy', id: revision, service, revision });
  const changes = [
    deploy('2026-11-21T10:59:53.345Z', 'checkout', 'checkout-r119'),
    deploy('2026-11-20T10:00:00.000Z', 'payments', 'payments-r218'),
    deploy('2026-11-21T10:00:00.000Z', 'payments', 'payments-r220'),
    JSON.stringify({
      time: '2026-11-21T11:00:00.000Z',
      kind: 'config',
      id: 'c-1',
      service: 'checkout',
    }),
  ];
  writeFileSync(join(caseDir, 'changes.jsonl'), changes.join('\n'));
  shop = await startShopServices(caseDir, caseDir);
});
afterAll(async () => {
  await shop?.stop();
  folder.remove();
});

function service(name: string): { readonly url: string; readonly token: string } {
  const found = shop?.services.find((one) => one.name === name);
  return { url: found?.url ?? '', token: found?.token ?? '' };
}

async function ops(name: string, path: string, init: RequestInit = {}): Promise<unknown> {
  const { url, token } = service(name);
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const response = await fetch(`${url}/ops/${path}`, {
    ...init,
    headers: { ...headers, 'idempotency-key': 'key-1' },
  });
  return response.json();
}

test('every service that an incident may name serves the release of its last deploy and knows the one before', async () => {
  expect(shop?.services.map(({ name }) => name)).toEqual(['gateway', 'checkout', 'payments']);
  expect(await ops('checkout', 'status')).toMatchObject({
    revision: 'checkout-r119',
    previousRevision: 'checkout-r118',
  });
  expect(await ops('payments', 'status')).toMatchObject({
    revision: 'payments-r220',
    previousRevision: 'payments-r218',
  });
  expect(await ops('gateway', 'status')).toMatchObject({ revision: 'gateway-r1' });
});

test('a roll-back really changes what serves, and needs the token of that service', async () => {
  const refused = await fetch(`${service('checkout').url}/ops/status`, {
    headers: { authorization: `Bearer ${service('payments').token}` },
  });
  expect(refused.status).toBe(401);
  const body = JSON.stringify({ toRevision: 'checkout-r118' });
  expect(await ops('checkout', 'rollback', { method: 'POST', body })).toMatchObject({
    fromRevision: 'checkout-r119',
    toRevision: 'checkout-r118',
  });
  expect(await ops('checkout', 'status')).toMatchObject({ revision: 'checkout-r118' });
});

test('nothing answers any more once they are stopped', async () => {
  const { url } = service('checkout');
  await shop?.stop();
  shop = null;
  await expect(fetch(`${url}/healthz`)).rejects.toThrow();
});
