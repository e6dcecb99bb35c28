import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { createOutbox } from '../../api/outbox.ts';
import { migrate } from '../../store/migrate.ts';
import { openStore } from '../../store/open-store.ts';
import type { Store } from '../../store/store.ts';
import { proposed, accepted } from '../store/samples.ts';
import { createTestDatabase } from '../support/database.ts';
import type { TestDatabase } from '../support/database.ts';
import { waitUntil } from '../support/wait-until.ts';
import { createRecordingTemporal } from './support/recording-temporal.ts';

let database: TestDatabase;
let store: Store;

beforeAll(async () => {
  database = await createTestDatabase();
  await migrate(database.connectionString);
  store = await openStore({ connectionString: database.connectionString, poolSize: 4 });
});

afterAll(async () => {
  await store.close();
  await database.drop();
});

function outboxOf(now: () => number = Date.now) {
  const temporal = createRecordingTemporal();
  const logger = pino({ level: 'silent' });
  const options = { store, temporal, logger, now, grantTtlMs: 1_000, pauseMs: 10 };
  return { temporal, outbox: createOutbox(options) };
}

const decision = (grantId: string, actionId: string, createdAt: number) =>
  ({
    grantId,
    actionId,
    createdAt,
    signal: { actionId, planHash: 'a'.repeat(64), decision: 'approve', reason: '', grant: 'g' },
  }) as const;

describe('the outbox', () => {
  test('TA-06 starts what an earlier process accepted, once Temporal is there', async () => {
    await accepted(store, 'inv-left-1');
    await accepted(store, 'inv-left-2');
    const { temporal, outbox } = outboxOf();
    temporal.setAway(true);
    const stop = new AbortController();
    const running = outbox.run(stop.signal);
    await waitUntil('two attempts', () => temporal.refused() >= 2);
    temporal.setAway(false);
    await waitUntil(
      'both to start',
      async () => (await store.investigations.unstarted(9)).length === 0,
    );
    stop.abort();
    await running;
    expect(temporal.started).toEqual(['inv-left-1', 'inv-left-2']);
    expect((await store.investigations.get('inv-left-1'))?.status).toBe('running');
  });

  test('does not hold up others for one that cannot be started', async () => {
    await accepted(store, 'inv-poison');
    await accepted(store, 'inv-sound');
    const { temporal, outbox } = outboxOf();
    const start = temporal.startInvestigation.bind(temporal);
    temporal.startInvestigation = (row) =>
      row.id === 'inv-poison' ? Promise.reject(new Error('bad')) : start(row);
    const stop = new AbortController();
    const running = outbox.run(stop.signal);
    await waitUntil('the other to start', () => temporal.started.includes('inv-sound'));
    stop.abort();
    await running;
    expect((await store.investigations.get('inv-poison'))?.status).toBe('accepted');
  });

  test('drops a decision whose workflow has not come up while its grant was good', async () => {
    await proposed(store, 'inv-gone', 'act-gone');
    let at = 5_000;
    const { temporal, outbox } = outboxOf(() => at);
    temporal.setActionsRunning(false);
    const late = decision('grant-late', 'act-gone', at);
    await store.actions.enqueueDecision(late);
    expect(await outbox.deliver(late)).toBe(false);
    expect(await store.actions.undeliveredDecisions(9)).toHaveLength(1);
    at += 1_000;
    expect(await outbox.deliver(late)).toBe(false);
    expect(await store.actions.undeliveredDecisions(9)).toHaveLength(0);
    expect(await store.actions.get('act-gone')).toMatchObject({
      state: 'proposed',
      decisions: [{ accepted: false, because: expect.stringContaining('does not run') }],
    });
  });

  test('delivers a decision to a workflow that runs, even when its grant is over: it is refused and recorded there', async () => {
    await proposed(store, 'inv-over', 'act-over');
    const { temporal, outbox } = outboxOf(() => 10_000);
    const over = decision('grant-over', 'act-over', 0);
    await store.actions.enqueueDecision(over);
    expect(await outbox.deliver(over)).toBe(true);
    expect(temporal.signals).toHaveLength(1);
  });
});
