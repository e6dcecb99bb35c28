import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import type { Store } from '../../store/store.ts';
import { openTestStore } from '../support/database.ts';
import type { TestStore } from '../support/database.ts';
import { waitUntil } from '../support/wait-until.ts';
import { accepted, at, closing, draft, report, step } from './samples.ts';

let opened: TestStore;
let store: Store;

beforeAll(async () => {
  opened = await openTestStore();
  ({ store } = opened);
});
afterAll(() => opened.close());

describe('begin', () => {
  test('writes the begun event and an open row of the ledger at once', async () => {
    const id = await accepted(store, 'inv-begin-once');
    expect(await store.steps.begin(step(id, 'scope'), draft('begun', 'scope'), at)).toBeNull();
    expect(await store.events.since(id, 0, 10)).toMatchObject([
      { sequence: 1, type: 'begun', stepKey: 'scope', attempt: 1, at: '2026-03-02T10:00:00.250Z' },
    ]);
    expect(await store.ledger.list(id)).toMatchObject([
      { stepKey: 'scope', attempt: 1, outcome: 'open', begunAt: at, endedAt: null },
    ]);
  });

  test('lets begun stand once an attempt', async () => {
    const id = await accepted(store, 'inv-begin-attempts');
    for (const attempt of [1, 1, 2]) {
      await store.steps.begin(step(id, 'scope', attempt), draft('begun', 'scope', { attempt }), at);
    }
    const events = await store.events.since(id, 0, 10);
    expect(events.map((event) => event.attempt)).toEqual([1, 2]);
    expect(await store.ledger.list(id)).toHaveLength(2);
  });

  test('gives the result of a closed step and writes nothing', async () => {
    const id = await accepted(store, 'inv-begin-memo');
    await store.steps.complete(step(id, 'scope'), closing('scope', { window: 5 }));
    const memo = await store.steps.begin(
      step(id, 'scope', 2),
      draft('begun', 'scope', { attempt: 2 }),
      at,
    );
    expect(memo).toEqual({ result: { window: 5 } });
    expect(await store.ledger.list(id)).toHaveLength(1);
    expect(await store.events.since(id, 0, 10)).toHaveLength(1);
  });

  test('tells a closed step whose result is null from an open one', async () => {
    const id = await accepted(store, 'inv-begin-null');
    await store.steps.complete(step(id, 'scope'), closing('scope', null));
    expect(await store.steps.begin(step(id, 'scope'), null, at)).toEqual({ result: null });
  });

  test('refuses a step of an investigation that is not there', async () => {
    const begun = store.steps.begin(step('inv-nowhere', 'scope'), null, at);
    await expect(begun).rejects.toMatchObject({ code: 'not-found.investigation' });
  });
});

describe('complete', () => {
  test('gives the result of the attempt that closed the step first, to all others', async () => {
    const id = await accepted(store, 'inv-complete-first');
    const first = await store.steps.complete(step(id, 'plan'), closing('plan', 'first'));
    const second = await store.steps.complete(
      step(id, 'plan', 2),
      closing('plan', 'second', { attempt: 2 }),
    );
    expect([first, second]).toEqual([{ result: 'first' }, { result: 'first' }]);
    const events = await store.events.since(id, 0, 10);
    expect(events.map(({ type, attempt }) => [type, attempt])).toEqual([['ended', 1]]);
    const ledger = await store.ledger.list(id);
    expect(ledger.map((row) => row.outcome)).toEqual(['done', 'done']);
    const noModel = { modelCalls: 0, inputTokens: 0, outputTokens: 0, usdMicros: 0 };
    expect(await store.ledger.total(id)).toEqual({ toolCalls: 4, ...noModel });
  });

  test('keeps a result as it is, characters included that PostgreSQL text cannot hold', async () => {
    const id = await accepted(store, 'inv-complete-verbatim');
    const result = { b: 'nul \u0000 and half a pair \ud800', a: [1e-7, -0.5, null], undefined };
    const closed = await store.steps.complete(step(id, 'plan'), closing('plan', result));
    expect(JSON.stringify(closed.result)).toBe(JSON.stringify(result));
    const [kept] = await store.steps.results([{ workflowId: id, stepKey: 'plan' }]);
    expect(JSON.stringify(kept?.result)).toBe(JSON.stringify(result));
  });

  test('replaces NUL in text columns, so that no event is refused for it', async () => {
    const id = await accepted(store, 'inv-complete-nul');
    const events = [draft('note', 'pl\u0000an', { text: 'a\u0000b', data: { raw: 'c\u0000' } })];
    await store.steps.complete(step(id, 'plan'), { ...closing('plan', 1), events });
    expect(await store.events.since(id, 0, 10)).toMatchObject([
      { text: 'a\uFFFDb', stepKey: 'pl\uFFFDan', data: { raw: 'c\u0000' } },
    ]);
  });

  test('writes nothing at all when a part cannot be written', async () => {
    const id = await accepted(store, 'inv-complete-atomic');
    const events = [draft('ended', 'plan', { percent: 400 })];
    const closed = store.steps.complete(step(id, 'plan'), { ...closing('plan', 1), events });
    await expect(closed).rejects.toMatchObject({ code: 'bug.invariant' });
    expect(await store.steps.results([{ workflowId: id, stepKey: 'plan' }])).toEqual([]);
    expect(await store.ledger.list(id)).toEqual([]);
  });

  test('ends the investigation with its report, once', async () => {
    const id = await accepted(store, 'inv-complete-report');
    const finish = { status: 'completed', at: at + 5, report: report(id) } as const;
    await store.steps.complete(step(id, 'report'), {
      ...closing('report', null),
      writes: { finish },
    });
    await store.steps.complete(step(id, 'report-again'), {
      ...closing('report-again', null),
      writes: { finish: { ...finish, status: 'failed', at: at + 9 } },
    });
    expect(await store.investigations.get(id)).toMatchObject({
      status: 'completed',
      verdict: 'no-cause-found',
      summary: 'all is as before',
      endedAt: at + 5,
    });
    expect(await store.investigations.report(id)).toEqual(report(id));
  });
});

describe('two attempts at once', () => {
  test('one waits while the other closes the step; other steps do not', async () => {
    const id = await accepted(store, 'inv-race-held');
    const other = new pg.Client({ connectionString: opened.connectionString });
    await other.connect();
    try {
      await other.query('begin');
      await other.query(
        `insert into step_results values ($1, 'trace.r1.observe', $1, 1, '"theirs"', now())`,
        [id],
      );
      let isClosed = false;
      const ours = store.steps
        .complete(step(id, 'trace.r1.observe', 2), closing('trace.r1.observe', 'ours'))
        .finally(() => (isClosed = true));
      await waitUntil('complete to wait for a lock', async () => (await waiting(other)) === 1);
      await store.steps.begin(step(id, 'log.r1.observe'), draft('begun', 'log.r1.observe'), at);
      await store.steps.complete(step(id, 'log.r1.observe'), closing('log.r1.observe', 'free'));
      expect(isClosed).toBe(false);
      await other.query('commit');
      expect(await ours).toEqual({ result: 'theirs' });
    } finally {
      await other.end();
    }
  });

  test('the one that waits closes the step when the other gives up', async () => {
    const id = await accepted(store, 'inv-race-rollback');
    const other = new pg.Client({ connectionString: opened.connectionString });
    await other.connect();
    try {
      await other.query('begin');
      await other.query(`insert into step_results values ($1, 'plan', $1, 1, '1', now())`, [id]);
      const ours = store.steps.complete(step(id, 'plan', 2), closing('plan', 'ours'));
      await waitUntil('complete to wait for a lock', async () => (await waiting(other)) === 1);
      await other.query('rollback');
      expect(await ours).toEqual({ result: 'ours' });
    } finally {
      await other.end();
    }
  });

  test('of many that close one step together exactly one is kept', async () => {
    const id = await accepted(store, 'inv-race-many');
    const attempts = Array.from({ length: 8 }, (_, index) => index + 1);
    const closed = await Promise.all(
      attempts.map((attempt) =>
        store.steps.complete(step(id, 'plan', attempt), closing('plan', attempt, { attempt })),
      ),
    );
    expect(new Set(closed.map((one) => one.result)).size).toBe(1);
    expect(await store.events.since(id, 0, 10)).toHaveLength(1);
    expect(await store.ledger.list(id)).toHaveLength(8);
  });
});

describe('fail', () => {
  test('records code and events of an attempt', async () => {
    const id = await accepted(store, 'inv-fail');
    await store.steps.begin(step(id, 'plan'), draft('begun', 'plan'), at);
    await store.steps.fail(step(id, 'plan'), {
      at: at + 3,
      code: 'timeout.backend',
      message: 'no answer\u0000',
      events: [draft('failed', 'plan')],
    });
    expect(await store.ledger.list(id)).toMatchObject([
      { outcome: 'failed', code: 'timeout.backend', endedAt: at + 3 },
    ]);
    const events = await store.events.since(id, 0, 10);
    expect(events.map((event) => event.type)).toEqual(['begun', 'failed']);
  });

  test('leaves a step done that was closed, though its attempt did not learn of it', async () => {
    const id = await accepted(store, 'inv-fail-late');
    await store.steps.complete(step(id, 'plan'), closing('plan', 1));
    await store.steps.fail(step(id, 'plan'), {
      at,
      code: 'unavailable.database',
      message: 'gone',
      events: [draft('failed', 'plan')],
    });
    expect(await store.ledger.list(id)).toMatchObject([{ outcome: 'done', code: null }]);
    expect(await store.events.since(id, 0, 10)).toHaveLength(1);
  });
});

test('results come in the order asked, without those that are not there', async () => {
  const id = await accepted(store, 'inv-results');
  for (const key of ['a', 'b']) await store.steps.complete(step(id, key), closing(key, key));
  const asked = ['b', 'missing', 'a'].map((stepKey) => ({ workflowId: id, stepKey }));
  const found = await store.steps.results(asked);
  expect(found.map((row) => row.result)).toEqual(['b', 'a']);
  expect(await store.steps.results([])).toEqual([]);
});

/** The number of sessions in this database that wait for a lock. */
async function waiting(client: pg.Client): Promise<number> {
  const { rows } = await client.query(
    `select count(*)::int as n from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`,
  );
  return rows[0].n;
}
