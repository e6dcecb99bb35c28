import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import request from 'supertest';
import { actionSchema } from '../../core/schemas/action.ts';
import { plan, planHash } from '../store/samples.ts';
import { waitUntil } from '../support/wait-until.ts';
import { startTestApi, token } from './support/api.ts';
import type { TestApi } from './support/api.ts';
import { propose } from './support/story.ts';

const far = '2999-01-01T00:00:00.000Z';
let api: TestApi;
let number = 0;

beforeAll(async () => {
  api = await startTestApi({ runs: true });
});

afterAll(async () => {
  await api.close();
});

async function proposed(
  expiresAt = far,
): Promise<{ readonly id: string; readonly actionId: string }> {
  const { body } = await request(api.server)
    .post('/api/v1/investigations')
    .send({ case: 'quiet-night' })
    .expect(202);
  number += 1;
  const actionId = `act-decide-${number}`;
  await propose(api.store, { ...plan(body.id, actionId), expiresAt }, planHash);
  return { id: body.id, actionId };
}

const decide = (actionId: string, body: object, bearer: string | null = token) => {
  const posted = request(api.server)
    .post(`/api/v1/actions/${actionId}/decision`)
    .send({ decision: 'approve', planHash, ...body });
  return bearer === null ? posted : posted.set('Authorization', `Bearer ${bearer}`);
};

const signalsOf = (actionId: string) =>
  api.temporal.signals.filter((one) => one.actionId === actionId).map(({ signal }) => signal);

describe('GET /api/v1/actions/{id}', () => {
  test('shows the frozen plan and its hash, also in the list of its investigation', async () => {
    const { id, actionId } = await proposed();
    const { body } = await request(api.server).get(`/api/v1/actions/${actionId}`).expect(200);
    expect(actionSchema.parse(body)).toMatchObject({ actionId, planHash, state: 'proposed' });
    const list = await request(api.server).get(`/api/v1/investigations/${id}/actions`).expect(200);
    expect(list.body).toEqual({ actions: [body] });
    await request(api.server).get('/api/v1/actions/act-none').expect(404);
  });
});

describe('POST /api/v1/actions/{id}/decision', () => {
  test('signs a grant for person, action, hash and decision, and signals the workflow', async () => {
    const { actionId } = await proposed();
    const { body } = await decide(actionId, { reason: 'looks right' }).expect(202);
    expect(body).toMatchObject({ actionId, decision: 'approve', person: 'ana', delivered: true });
    expect(body).not.toHaveProperty('input');
    const [signal] = signalsOf(actionId);
    expect(signal).toMatchObject({
      actionId,
      planHash,
      decision: 'approve',
      reason: 'looks right',
    });
    const purpose = { actionId, planHash, decision: 'approve' } as const;
    const check = await api.verifyGrant(signal?.grant, Date.now(), purpose);
    expect(check).toMatchObject({ ok: true, claims: { person: 'ana', id: body.grantId } });
    expect(await api.store.actions.undeliveredDecisions(10)).toEqual([]);
  });

  test('gives the signal to be sent by hand, and sends nothing', async () => {
    const { actionId } = await proposed();
    const { body } = await decide(actionId, { deliver: 'print', decision: 'reject' }).expect(202);
    expect(body).toMatchObject({
      delivered: false,
      workflowId: actionId,
      address: '127.0.0.1:7233',
      namespace: 'default',
      signalName: 'decideAction',
      input: { actionId, planHash, decision: 'reject', reason: '' },
    });
    expect((await api.verifyGrant(body.input.grant, Date.now())).ok).toBe(true);
    expect(signalsOf(actionId)).toEqual([]);
    expect(await api.store.actions.undeliveredDecisions(10)).toEqual([]);
  });

  test.each([
    ['no token', null],
    ['a token of nobody', 'hf_of-bo'],
  ])('needs the token of a person: with %s nothing is signed', async (_what, bearer) => {
    const { actionId } = await proposed();
    const { body, headers } = await decide(actionId, {}, bearer).expect(401);
    expect(body.code).toBe('unauthenticated.token');
    expect(headers['www-authenticate']).toBe('Bearer');
    expect(signalsOf(actionId)).toEqual([]);
  });

  test('refuses another hash than that of the plan, and says which it is', async () => {
    const { actionId } = await proposed();
    const { body } = await decide(actionId, { planHash: 'b'.repeat(64) }).expect(409);
    expect(body).toMatchObject({ code: 'conflict.plan-hash', context: { planHash } });
    expect(signalsOf(actionId)).toEqual([]);
  });

  test('refuses when it is decided or expired', async () => {
    const { actionId } = await proposed();
    const signal = { actionId, planHash, decision: 'reject', reason: '' } as const;
    const record = { key: actionId, actionId, at: 0, signal, person: 'bo', grantId: 'g' };
    await api.store.actions.recordDecision({ ...record, accepted: true, because: 'granted' });
    const decided = await decide(actionId, {}).expect(409);
    expect(decided.body).toMatchObject({
      code: 'conflict.decided',
      context: { state: 'rejected' },
    });
    const late = await proposed('2020-01-01T00:00:00.000Z');
    const expired = await decide(late.actionId, {}).expect(409);
    expect(expired.body).toMatchObject({ code: 'conflict.decided', context: { state: 'expired' } });
  });

  test('gives a grant no longer life than the action has', async () => {
    const expiresAt = new Date(Date.now() + 60_000).toISOString();
    const { actionId } = await proposed(expiresAt);
    const { body } = await decide(actionId, {}).expect(202);
    expect(body.grantExpiresAt).toBe(expiresAt);
  });

  test('keeps a decision that cannot be delivered now, and delivers it later', async () => {
    const { actionId } = await proposed();
    api.temporal.setAway(true);
    const { body } = await decide(actionId, {}).expect(202);
    expect(body.delivered).toBe(false);
    api.temporal.setAway(false);
    await waitUntil('the signal', () => signalsOf(actionId).length > 0);
    await waitUntil('the outbox to be empty', async () => {
      return (await api.store.actions.undeliveredDecisions(10)).length === 0;
    });
  });

  test('waits for the workflow of an action that was proposed a moment ago', async () => {
    const { actionId } = await proposed();
    api.temporal.setActionsRunning(false);
    expect((await decide(actionId, {}).expect(202)).body.delivered).toBe(false);
    api.temporal.setActionsRunning(true);
    await waitUntil('the signal', () => signalsOf(actionId).length > 0);
  });

  test.each([
    ['no decision', { decision: undefined }],
    ['another decision', { decision: 'maybe' }],
    ['no hash', { planHash: 'abc' }],
    ['a field that nobody knows', { force: true }],
  ])('refuses %s', async (_what, body) => {
    const { actionId } = await proposed();
    expect((await decide(actionId, body).expect(422)).body.code).toBe('invalid.request');
  });

  test('does not know another action', async () => {
    expect((await decide('act-none', {}).expect(404)).body.code).toBe('not-found.action');
  });

  test('puts neither tokens nor grants into the log', async () => {
    const { actionId } = await proposed();
    await decide(actionId, {}).expect(202);
    const grant = signalsOf(actionId)[0]?.grant ?? '';
    expect(grant).not.toBe('');
    expect(api.log()).not.toContain(grant);
    expect(api.log()).not.toContain(token);
    expect(api.log()).toContain('"person":"ana"');
  });
});
