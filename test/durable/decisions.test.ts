import { createHash, createPrivateKey, randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Client } from '@temporalio/client';
import type { Action } from '../../core/schemas/action.ts';
import { createGrantSigner } from '../../integrations/identity/sign-grant.ts';
import { runCommand } from '../../scripts/run-command.ts';
import { startService } from '../examples/start-service.ts';
import type { RunningService } from '../examples/start-service.ts';
import { keepHistories, openClient } from '../support/history.ts';
import { caseOf } from '../support/incidents.ts';
import { eventually, investigate, reportOf, startLine } from '../support/line.ts';
import type { Line } from '../support/line.ts';
import { sharedTemporal } from '../support/temporal.ts';
import { openTestFolder } from '../support/test-folder.ts';

let line: Line;
let client: Client;
let target: RunningService;
let forgotten: Action;
let lateDecision: Readonly<Record<string, unknown>>;
const folder = openTestFolder('target');
let stateDir = '';

beforeAll(async () => {
  const { address } = sharedTemporal();
  stateDir = folder.open();
  target = await startBadCheckout('first');
  line = await startLine({
    temporalAddress: address,
    services: [{ name: 'checkout', url: target.url, token: target.token }],
    env: { HOLDFAST_APPROVAL_TTL_SECONDS: '60' },
  });
  client = await openClient(address);
  // It has a minute to expire in, while others are decided.
  forgotten = await proposed();
  lateDecision = await printedApproval(forgotten);
}, 240_000);

beforeEach(async () => {
  await target.ops('/rollback', {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': randomUUID() },
    body: JSON.stringify({ toRevision: 'checkout-r119' }),
  });
});

afterAll(async () => {
  await line?.stop();
  await target?.kill();
  await client?.connection.close();
  folder.remove();
}, 240_000);

function startBadCheckout(folder: string): Promise<RunningService> {
  return startService([
    ...['--name', 'checkout', '--port', '0', '--state', join(stateDir, folder)],
    ...['--revision', 'checkout-r119', '--previous-revision', 'checkout-r118'],
  ]);
}

async function proposed(): Promise<Action> {
  const id = await investigate(line, { case: caseOf('bad-deploy') });
  const report = await reportOf(line, id);
  expect(report.causes[0]?.faultKind).toBe('bad-deploy');
  const [action] = report.actions;
  if (action === undefined) throw new Error('no action was proposed');
  expect(action.state).toBe('proposed');
  // The report is written first; the workflow that waits for a decision starts a moment later.
  await eventually('its workflow', 30_000, () =>
    client.workflow.getHandle(action.actionId).describe(),
  );
  return actionOf(action.actionId);
}

async function actionOf(actionId: string): Promise<Action> {
  const response = await fetch(`${line.url}/api/v1/actions/${actionId}`);
  return (await response.json()) as Action;
}

function decide(
  action: Action,
  body: Readonly<Record<string, unknown>>,
  token = line.token,
): Promise<Response> {
  return fetch(`${line.url}/api/v1/actions/${action.actionId}/decision`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ planHash: action.planHash, ...body }),
  });
}

/** What whoever signals by hand is given to send. */
async function printedApproval(action: Action): Promise<Readonly<Record<string, unknown>>> {
  const response = await decide(action, { decision: 'approve', deliver: 'print' });
  expect(response.ok).toBe(true);
  const { input } = (await response.json()) as {
    readonly input: Readonly<Record<string, unknown>>;
  };
  return input;
}

function signal(actionId: string, input: Readonly<Record<string, unknown>>) {
  return runCommand(
    sharedTemporal().binary,
    [
      ...['workflow', 'signal', '--address', sharedTemporal().address],
      ...['--workflow-id', actionId, '--name', 'decideAction', '--input', JSON.stringify(input)],
    ],
    { timeoutMs: 20_000, env: process.env },
  );
}

async function refusalOf(actionId: string, number: number): Promise<string> {
  const decisions = await eventually(`decision ${number} of ${actionId}`, 20_000, async () => {
    const { decisions: recorded } = await actionOf(actionId);
    return recorded.length >= number ? recorded : null;
  });
  const decision = decisions[number - 1];
  expect(decision?.accepted).toBe(false);
  return decision?.because ?? '';
}

async function servingRevision(): Promise<string> {
  const status = (await (await target.ops('/status')).json()) as { readonly revision: string };
  return status.revision;
}

describe('a decision by signal', () => {
  test('without a grant, with another hash, or with an expired grant it is refused and recorded; a granted one writes once', async () => {
    const action = await proposed();
    const { actionId, planHash } = action;
    const plain = { actionId, planHash, decision: 'approve', reason: '' };

    expect((await signal(actionId, plain)).code).toBe(0);
    expect(await refusalOf(actionId, 1)).toMatch(/grant/);

    const otherHash = 'f'.repeat(64);
    const sign = createGrantSigner(
      createPrivateKey(await readFile(join(line.stateDir, 'grant-private.pem'), 'utf8')),
    );
    const reasonHash = createHash('sha256').update('').digest('hex');
    const claims = { person: 'tester', actionId, decision: 'approve', reasonHash } as const;
    const altered = await sign(
      { ...claims, id: 'altered', planHash: otherHash, expiresAt: Date.now() + 60_000 },
      Date.now(),
    );
    await signal(actionId, { ...plain, planHash: otherHash, grant: altered });
    expect(await refusalOf(actionId, 2)).toMatch(/hash|plan/);

    const expired = await sign(
      { ...claims, id: 'expired', planHash, expiresAt: Date.now() - 60_000 },
      Date.now() - 120_000,
    );
    await signal(actionId, { ...plain, grant: expired });
    expect(await refusalOf(actionId, 3)).toMatch(/expired/);
    expect(await servingRevision()).toBe('checkout-r119');

    const approval = await printedApproval(action);
    expect((await signal(actionId, approval)).code).toBe(0);
    await eventually(
      'the write applied',
      30_000,
      async () => (await actionOf(actionId)).state === 'applied',
    );
    expect(await servingRevision()).toBe('checkout-r118');
    expect((await actionOf(actionId)).decidedBy).toBe('tester');

    await signal(actionId, approval);
    expect(await refusalOf(actionId, 5)).not.toBe('');
    const report = await reportOf(line, action.investigationId);
    expect(report.actions[0]).toMatchObject({ actionId, state: 'applied', decidedBy: 'tester' });
    await keepHistories(client, 'approved', [actionId]);
    await keepHistories(client, 'refused', [actionId]);
  }, 240_000);

  test('a rejection ends it and nothing is written', async () => {
    const action = await proposed();
    expect((await decide(action, { decision: 'reject', reason: 'not now' })).status).toBeLessThan(
      300,
    );
    await eventually(
      'the action rejected',
      20_000,
      async () => (await actionOf(action.actionId)).state === 'rejected',
    );
    expect(await servingRevision()).toBe('checkout-r119');
    expect((await decide(action, { decision: 'approve' })).status).toBe(409);
    await keepHistories(client, 'rejected', [action.actionId]);
  }, 240_000);

  test('signals that are no decisions are recorded, end nothing and crowd out nobody, however many there are', async () => {
    const action = await proposed();
    const { actionId } = action;
    const handle = client.workflow.getHandle(actionId);
    const before = (await handle.describe()).runId;
    for (let count = 0; count < 25; count += 1) await handle.signal('decideAction', null);
    expect((await signal(actionId, { planHash: [] })).code).toBe(0);
    expect(await refusalOf(actionId, 26)).toMatch(/^not a decision/);
    expect((await decide(action, { decision: 'reject', reason: 'no' })).status).toBeLessThan(300);
    await eventually(
      'the action rejected',
      20_000,
      async () => (await actionOf(actionId)).state === 'rejected',
    );
    // The state is stored by the last step of this run, before the workflow hears of it and hands over.
    await eventually('a new run', 20_000, async () => (await handle.describe()).runId !== before);
    await keepHistories(client, 'continued', [actionId]);
  }, 240_000);

  test('whoever cancels the workflow of an action ends the wait: it has expired, and nothing is written', async () => {
    const { actionId } = await proposed();
    const handle = client.workflow.getHandle(actionId);
    await handle.cancel();
    expect(await handle.result()).toEqual({ actionId, state: 'expired' });
    expect((await actionOf(actionId)).state).toBe('expired');
    expect(await servingRevision()).toBe('checkout-r119');
    await keepHistories(client, 'withdrawn', [actionId]);
  }, 240_000);

  test('it always needs the token of a person', async () => {
    const action = await proposed();
    expect((await decide(action, { decision: 'approve' }, 'hf_wrong')).status).toBe(401);
    expect((await decide(action, { decision: 'approve', planHash: 'a'.repeat(64) })).status).toBe(
      409,
    );
  }, 240_000);

  test('nobody deciding lets the action expire, and a late decision is recorded and refused', async () => {
    const { actionId } = forgotten;
    await eventually(
      'the action expired',
      150_000,
      async () => (await actionOf(actionId)).state === 'expired',
    );
    await signal(actionId, lateDecision);
    await refusalOf(actionId, 1);
    expect((await decide(forgotten, { decision: 'approve' })).status).toBe(409);
    expect(await servingRevision()).toBe('checkout-r119');
    await keepHistories(client, 'expired', [actionId]);
  }, 240_000);
});
