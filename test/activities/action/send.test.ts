import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { ServerResponse } from 'node:http';
import pg from 'pg';
import { at } from '../../store/samples.ts';
import { openTestStore } from '../../support/database.ts';
import type { TestStore } from '../../support/database.ts';
import { startTarget } from '../../integrations/ops/target.ts';
import type { Received } from '../../integrations/ops/target.ts';
import { json, openWriteWorld } from './write-world.ts';
import type { WriteWorld } from './write-world.ts';

let opened: TestStore;
const worlds: WriteWorld[] = [];

beforeAll(async () => {
  opened = await openTestStore();
});
afterEach(async () => {
  await Promise.all(worlds.splice(0).map((world) => world.target.close()));
});
afterAll(() => opened.close());

async function prepared(
  answer: (request: Received, response: ServerResponse) => void,
): Promise<WriteWorld> {
  const world = await openWriteWorld(opened.store, answer);
  worlds.push(world);
  await world.approve();
  await world.run('action.prepare', { stepKey: 'prepare' });
  return world;
}

const send = { stepKey: 'send' };

/** What a careless hand or a bad migration might do. */
async function alterPlan(actionId: string): Promise<void> {
  const client = new pg.Client({ connectionString: opened.connectionString });
  await client.connect();
  await client.query(
    `update actions set plan = replace(plan::text, '"r41"', '"r40"')::json where action_id = $1`,
    [actionId],
  );
  await client.end();
}

describe('sending an approved write', () => {
  test('a target that says so of the key has applied it', async () => {
    const world = await prepared((_, response) => json(response, 200, { state: 'applied' }));
    expect(await world.run('action.send', send)).toEqual({ state: 'applied' });
    expect(await world.state()).toBe('applied');
    expect(world.target.requests).toMatchObject([
      { method: 'POST', path: '/ops/rollback', body: '{"to":"r41"}' },
    ]);
    expect(world.target.requests[0]?.headers['idempotency-key']).toBe(world.actionId);
  });

  test('a 4xx of the target has refused it, for good', async () => {
    const world = await prepared((_, response) => json(response, 422, {}));
    expect(await world.run('action.send', send)).toEqual({ state: 'not-applied' });
    expect(await world.state()).toBe('refused');
  });

  test.each([408, 409, 425, 429, 500, 503])(
    'a %i says nothing about the write: the intent stays open and the same key is sent again',
    async (status) => {
      const answers = [status, 200];
      const world = await prepared((_, response) =>
        json(response, answers.shift() ?? 200, { state: 'applied' }),
      );
      await expect(world.run('action.send', send)).rejects.toMatchObject({
        type: 'unavailable.backend',
        nonRetryable: false,
      });
      expect(await world.state()).toBe('sent');
      expect(await world.run('action.send', send, 2)).toEqual({ state: 'applied' });
      const keys = world.target.requests.map(({ headers }) => headers['idempotency-key']);
      expect(keys).toEqual([world.actionId, world.actionId]);
    },
  );

  test.each([
    ['202, in progress', 202, { state: 'in-progress' }],
    ['200, of another key', 200, { key: 'act-other', state: 'applied' }],
    ['200, a page', 200, 'please log in'],
  ])('%s: not applied yet, and not refused', async (_, status, body) => {
    const world = await prepared((__, response) => json(response, status, body));
    await expect(world.run('action.send', send)).rejects.toMatchObject({ nonRetryable: false });
    expect(await world.state()).toBe('sent');
  });

  test('a 4xx of a later attempt says nothing about the first', async () => {
    const answers = [500, 404];
    const world = await prepared((_, response) => json(response, answers.shift() ?? 404, {}));
    await expect(world.run('action.send', send)).rejects.toThrow();
    await expect(world.run('action.send', send, 2)).rejects.toMatchObject({ nonRetryable: false });
    expect(await world.state()).toBe('sent');
  });

  test('a process that was frozen before the call sends nothing afterwards', async () => {
    const world = await prepared((_, response) => json(response, 200, { state: 'applied' }));
    world.setPace(6_000);
    await expect(world.run('action.send', send)).rejects.toMatchObject({ nonRetryable: false });
    expect(world.target.requests).toEqual([]);
  });

  test('is stopped when the stored plan is not the one that was approved', async () => {
    const world = await prepared((_, response) => json(response, 200, { state: 'applied' }));
    await alterPlan(world.actionId);
    expect(await world.run('action.send', send)).toEqual({ state: 'not-applied' });
    expect(world.target.requests).toEqual([]);
  });

  test('is stopped before it leaves once the approval has expired', async () => {
    const world = await prepared((_, response) => json(response, 200, {}));
    world.setClock(at + 600_000);
    expect(await world.run('action.send', send)).toEqual({ state: 'not-applied' });
    expect(world.target.requests).toEqual([]);
  });

  test('is stopped when the registry has another address than was approved', async () => {
    const world = await prepared((_, response) => json(response, 200, {}));
    const other = await startTarget((_, response) => json(response, 200, {}));
    world.moveService(other.url);
    expect(await world.run('action.send', send)).toEqual({ state: 'not-applied' });
    expect([...world.target.requests, ...other.requests]).toEqual([]);
    await other.close();
  });

  test('what stops a later attempt says nothing about the first', async () => {
    const world = await prepared((_, response) => json(response, 500, {}));
    await expect(world.run('action.send', send)).rejects.toThrow();
    world.setClock(at + 600_000);
    await expect(world.run('action.send', send, 2)).rejects.toMatchObject({
      type: 'unsafe.denied',
      nonRetryable: true,
    });
    expect(await world.state()).toBe('sent');
  });

  test('an attempt that another one has overtaken sends nothing', async () => {
    const world = await prepared((_, response) => json(response, 200, {}));
    await opened.store.actions.markSent(world.actionId, 2, at);
    expect(await world.run('action.send', send, 1)).toEqual({ state: 'unknown' });
    expect(world.target.requests).toEqual([]);
  });
});

describe('reading back a write whose answer is missing', () => {
  const soon = at + 2_000;
  const longAfter = at + 60_000;
  const last = { stepKey: 'read-back.4', last: true };
  const first = { stepKey: 'read-back.1', last: false };

  async function lost(replies: Readonly<Record<string, [number, unknown]>>): Promise<WriteWorld> {
    const world = await prepared((request, response) => {
      if (request.method === 'POST') return json(response, 503, {});
      const [status, body] = Object.entries(replies).find(([path]) =>
        request.path.startsWith(path),
      )?.[1] ?? [500, {}];
      json(response, status, body);
    });
    await expect(world.run('action.send', send)).rejects.toThrow();
    world.setClock(soon);
    return world;
  }

  test('the target says applied: it is', async () => {
    const world = await lost({ '/ops/actions/': [200, { state: 'applied' }] });
    expect(await world.run('action.read-back', first)).toEqual({ state: 'applied' });
    expect(await world.state()).toBe('applied');
  });

  test.each([{ state: 'in-progress' }, { key: 'act-other', state: 'applied' }, 'a page', null])(
    'the target answers %j: nothing is known, and a person is asked in the end',
    async (body) => {
      const world = await lost({ '/ops/actions/': [200, body] });
      expect(await world.run('action.read-back', first)).toEqual({ state: 'unknown' });
      expect(await world.state()).toBe('sent');
      world.setClock(longAfter);
      expect(await world.run('action.read-back', last)).toEqual({ state: 'unknown' });
      expect(await world.state()).toBe('unknown');
    },
  );

  test('the target broke off: nothing was applied, once no request can take it up again', async () => {
    const world = await lost({ '/ops/actions/': [200, { state: 'interrupted' }] });
    expect(await world.run('action.read-back', first)).toEqual({ state: 'unknown' });
    world.setClock(longAfter);
    expect(await world.run('action.read-back', last)).toEqual({ state: 'not-applied' });
  });

  test('a key that is not known proves nothing while the request may be under way, and later only if all is as before', async () => {
    const world = await lost({
      '/ops/actions/': [404, {}],
      '/ops/status': [200, { revision: 'r42' }],
    });
    expect(await world.run('action.read-back', first)).toEqual({ state: 'unknown' });
    world.setClock(longAfter);
    expect(await world.run('action.read-back', last)).toEqual({ state: 'not-applied' });
    expect(await world.state()).toBe('not-applied');
  });

  test('a key that is not known on a target that has changed is for a person', async () => {
    const world = await lost({
      '/ops/actions/': [404, {}],
      '/ops/status': [200, { revision: 'r41' }],
    });
    world.setClock(longAfter);
    expect(await world.run('action.read-back', last)).toEqual({ state: 'unknown' });
    expect(await world.state()).toBe('unknown');
  });

  test('what another attempt has settled stays settled', async () => {
    const world = await lost({ '/ops/actions/': [404, {}] });
    await opened.store.actions.settle({
      actionId: world.actionId,
      epoch: 1,
      state: 'applied',
      reply: null,
      evidence: [],
      at: soon,
    });
    expect(await world.run('action.read-back', last)).toEqual({ state: 'applied' });
  });
});
