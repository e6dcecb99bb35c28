import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import type { DecisionRecord, Store } from '../../store/store.ts';
import { openTestStore } from '../support/database.ts';
import type { TestStore } from '../support/database.ts';
import { at, evidence, plan, planHash, proposed } from './samples.ts';

let opened: TestStore;
let store: Store;
let count = 0;

beforeAll(async () => {
  opened = await openTestStore();
  ({ store } = opened);
});
afterAll(() => opened.close());

/** Stores an investigation with one proposed action and gives the action's id. */
async function propose(): Promise<string> {
  count += 1;
  await proposed(store, `inv-action-${count}`, `act-${count}-rollback`);
  return `act-${count}-rollback`;
}

function approval(actionId: string) {
  return { actionId, planHash, decision: 'approve', reason: 'seen' } as const;
}

function decision(actionId: string, changes: Partial<DecisionRecord> = {}): DecisionRecord {
  const grantId = `grant-${actionId}`;
  return {
    key: `${actionId}.decide.1`,
    actionId,
    at,
    signal: { ...approval(actionId), grant: 'a.signed.grant' },
    person: 'ada',
    grantId,
    accepted: true,
    because: 'granted',
    ...changes,
  };
}

async function approved(): Promise<string> {
  const actionId = await propose();
  await store.actions.recordDecision(decision(actionId));
  return actionId;
}

async function sent(epoch = 1): Promise<string> {
  const actionId = await approved();
  await store.actions.prepare({ actionId, planHash, idempotencyKey: actionId, at });
  await store.actions.markSent(actionId, epoch, at + 1);
  return actionId;
}

function settlement(
  actionId: string,
  state: 'applied' | 'rejected' | 'not-applied' | 'unknown',
  epoch = 1,
) {
  return { actionId, epoch, state, reply: { status: 200 }, evidence: [], at: at + 2 };
}

async function stateOf(actionId: string): Promise<string | undefined> {
  return (await store.actions.get(actionId))?.state;
}

test('a proposed action is kept frozen, and found by its investigation', async () => {
  const actionId = await propose();
  const action = await store.actions.get(actionId);
  expect(action).toEqual({
    actionId,
    investigationId: `inv-action-${count}`,
    planHash,
    plan: plan(`inv-action-${count}`, actionId),
    state: 'proposed',
    decidedBy: null,
    decisions: [],
  });
  expect(JSON.stringify(action?.plan)).toBe(JSON.stringify(plan(`inv-action-${count}`, actionId)));
  expect(await store.actions.ofInvestigation(`inv-action-${count}`)).toEqual([action]);
  expect(await store.actions.get('act-nowhere')).toBeNull();
});

describe('recordDecision', () => {
  test('an accepted approval moves the action and names the person', async () => {
    const actionId = await propose();
    expect(await store.actions.acceptedDecision(actionId)).toBeNull();
    expect(await store.actions.recordDecision(decision(actionId))).toMatchObject({
      accepted: true,
    });
    expect(await store.actions.get(actionId)).toMatchObject({
      state: 'approved',
      decidedBy: 'ada',
      decisions: [{ person: 'ada', decision: 'approve', accepted: true, reason: 'seen' }],
    });
    const accepted = await store.actions.acceptedDecision(actionId);
    expect(accepted).toEqual({ person: 'ada', decision: 'approve' });
  });

  test('an accepted rejection ends the action', async () => {
    const actionId = await propose();
    const signal = { actionId, planHash, decision: 'reject', reason: 'no' } as const;
    await store.actions.recordDecision(decision(actionId, { signal }));
    expect(await stateOf(actionId)).toBe('rejected');
  });

  test('a step that is tried again finds its own decision accepted', async () => {
    const actionId = await propose();
    const first = await store.actions.recordDecision(decision(actionId));
    expect(await store.actions.recordDecision(decision(actionId))).toEqual(first);
    expect((await store.actions.get(actionId))?.decisions).toHaveLength(1);
  });

  test('the same signal sent twice is refused and recorded the second time', async () => {
    const actionId = await approved();
    const again = await store.actions.recordDecision(
      decision(actionId, { key: `${actionId}.decide.2` }),
    );
    expect(again).toMatchObject({ accepted: false, because: 'the grant was used before' });
    expect(await stateOf(actionId)).toBe('approved');
    expect((await store.actions.get(actionId))?.decisions).toHaveLength(2);
  });

  test('a decision that was found bad is recorded and moves nothing', async () => {
    const actionId = await propose();
    const bad = { person: null, grantId: null, accepted: false, because: 'no grant' };
    await store.actions.recordDecision(decision(actionId, bad));
    expect(await stateOf(actionId)).toBe('proposed');
    expect((await store.actions.get(actionId))?.decisions).toMatchObject([
      { accepted: false, because: 'no grant', person: null },
    ]);
  });

  test.each<[string, (actionId: string) => Partial<DecisionRecord>]>([
    ['no grant', () => ({ grantId: null })],
    [
      'another hash',
      (actionId) => ({ signal: { ...decision(actionId).signal, planHash: 'f'.repeat(64) } }),
    ],
    ['a late hour', () => ({ at: at + 600_000 })],
  ])('one called accepted with %s is refused all the same', async (_what, changes) => {
    const actionId = await propose();
    const recorded = await store.actions.recordDecision(decision(actionId, changes(actionId)));
    expect(recorded.accepted).toBe(false);
    expect(await stateOf(actionId)).toBe('proposed');
  });

  test('of decisions that come at once one is accepted', async () => {
    const actionId = await propose();
    const recorded = await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        store.actions.recordDecision(
          decision(actionId, {
            key: `${actionId}.decide.${index}`,
            grantId: `grant-${actionId}-${index}`,
          }),
        ),
      ),
    );
    expect(recorded.filter((one) => one.accepted)).toHaveLength(1);
  });

  test('a grant counts once even over two actions', async () => {
    const [one, other] = [await propose(), await propose()];
    const recorded = await Promise.all(
      [one, other].map((actionId) =>
        store.actions.recordDecision(decision(actionId, { grantId: 'grant-shared' })),
      ),
    );
    expect(recorded.filter((record) => record.accepted)).toHaveLength(1);
  });

  test('an expired action can be decided no more, and only a proposed one expires', async () => {
    const late = await propose();
    await store.actions.expire(late, at);
    const recorded = await store.actions.recordDecision(decision(late));
    expect(recorded).toMatchObject({ accepted: false, because: 'the action is expired already' });
    const done = await approved();
    await store.actions.expire(done, at);
    expect(await stateOf(done)).toBe('approved');
  });
});

describe('prepare', () => {
  test('is denied without an accepted approval, or for another plan', async () => {
    const actionId = await propose();
    const intent = { actionId, planHash, idempotencyKey: actionId, at };
    await expect(store.actions.prepare(intent)).rejects.toMatchObject({ code: 'unsafe.denied' });
    await store.actions.recordDecision(decision(actionId));
    const other = store.actions.prepare({ ...intent, planHash: 'f'.repeat(64) });
    await expect(other).rejects.toMatchObject({ code: 'unsafe.denied' });
    expect(await store.actions.intent(actionId)).toBeNull();
  });

  test('writes one intent, and gives it as it is when asked again', async () => {
    const actionId = await approved();
    const intent = { actionId, planHash, idempotencyKey: actionId, at };
    const prepared = await Promise.all([
      store.actions.prepare(intent),
      store.actions.prepare(intent),
    ]);
    expect(prepared[0]).toEqual(prepared[1]);
    expect(prepared[0]).toMatchObject({
      state: 'prepared',
      epoch: 0,
      preparedAt: at,
      sentAt: null,
    });
    await store.actions.markSent(actionId, 1, at + 1);
    expect(await store.actions.prepare(intent)).toMatchObject({ state: 'sent', epoch: 1 });
  });
});

describe('markSent', () => {
  test('lets a later attempt fence out an earlier one, and not the other way round', async () => {
    const actionId = await sent(2);
    expect(await stateOf(actionId)).toBe('sent');
    expect(await store.actions.markSent(actionId, 1, at)).toBeNull();
    expect(await store.actions.markSent(actionId, 2, at)).toBeNull();
    expect(await store.actions.markSent(actionId, 3, at + 7)).toMatchObject({
      epoch: 3,
      sentAt: at + 7,
    });
    const fenced = await store.actions.settle(settlement(actionId, 'applied', 2));
    expect(fenced).toMatchObject({ state: 'sent', epoch: 3 });
  });

  test('gives one of many that come at once with one epoch the right to send', async () => {
    const actionId = await approved();
    await store.actions.prepare({ actionId, planHash, idempotencyKey: actionId, at });
    const marked = await Promise.all(
      Array.from({ length: 6 }, () => store.actions.markSent(actionId, 1, at)),
    );
    expect(marked.filter((row) => row !== null)).toHaveLength(1);
  });

  test('is refused for what was never prepared and for what is settled', async () => {
    const actionId = await approved();
    expect(await store.actions.markSent(actionId, 1, at)).toBeNull();
    const settled = await sent();
    await store.actions.settle(settlement(settled, 'applied'));
    expect(await store.actions.markSent(settled, 9, at)).toBeNull();
  });
});

describe('settle', () => {
  test.each([
    ['applied', 'applied'],
    ['rejected', 'refused'],
    ['not-applied', 'not-applied'],
  ] as const)('%s is final and makes the action %s', async (state, actionState) => {
    const actionId = await sent();
    const settled = await store.actions.settle(settlement(actionId, state));
    expect(settled).toMatchObject({ state, settledAt: at + 2, reply: { status: 200 } });
    expect(await store.actions.settle(settlement(actionId, 'unknown'))).toEqual(settled);
    expect(await stateOf(actionId)).toBe(actionState);
  });

  test('what is unknown may be settled by a read-back, and keeps the evidence of both', async () => {
    const actionId = await sent();
    const first = evidence('ev-0000000000000001', { status: 404 });
    await store.actions.settle({ ...settlement(actionId, 'unknown'), evidence: [first] });
    expect(await stateOf(actionId)).toBe('unknown');
    const second = evidence('ev-0000000000000002', { status: 200 });
    const settled = await store.actions.settle({
      ...settlement(actionId, 'applied'),
      evidence: [second],
    });
    expect(settled).toMatchObject({ state: 'applied', evidenceIds: [first.id, second.id] });
    const kept = await store.evidence.get(`inv-action-${count}`, second.id);
    expect(kept).toMatchObject({ id: second.id, data: { status: 200 } });
    expect(await stateOf(actionId)).toBe('applied');
  });

  test('does nothing to an intent that was not sent', async () => {
    const actionId = await approved();
    await store.actions.prepare({ actionId, planHash, idempotencyKey: actionId, at });
    const row = await store.actions.settle(settlement(actionId, 'applied', 0));
    expect(row.state).toBe('prepared');
    const none = store.actions.settle(settlement(await propose(), 'applied'));
    await expect(none).rejects.toMatchObject({ code: 'not-found.action' });
  });
});

describe('the outbox of decisions', () => {
  test('keeps a signed decision until it is delivered, and its grant no longer', async () => {
    const signal = { ...approval('act-outbox'), grant: 'a.signed.grant' };
    const outgoing = { grantId: 'grant-out', actionId: 'act-outbox', signal, createdAt: at };
    await store.actions.enqueueDecision(outgoing);
    await store.actions.enqueueDecision(outgoing);
    await store.actions.enqueueDecision({ ...outgoing, grantId: 'grant-older', createdAt: at - 5 });
    const waiting = await store.actions.undeliveredDecisions(10);
    expect(waiting.map((one) => one.grantId)).toEqual(['grant-older', 'grant-out']);
    expect(waiting[1]).toEqual(outgoing);
    for (const { grantId } of waiting) await store.actions.markDelivered(grantId, at + 1);
    expect(await store.actions.undeliveredDecisions(10)).toEqual([]);
    expect(await occurrences('a.signed.grant')).toBe(0);
  });
});

/** How often a text stands in the tables of decisions. */
async function occurrences(text: string): Promise<number> {
  const client = new pg.Client({ connectionString: opened.connectionString });
  await client.connect();
  try {
    const { rows } = await client.query(
      `select count(*)::int as n from (select d::text as line from action_decisions d union all select o::text from decision_outbox o) x
       where line like '%' || $1 || '%'`,
      [text],
    );
    return rows[0].n;
  } finally {
    await client.end();
  }
}
