import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Store } from '../../store/store.ts';
import { openTestStore } from '../support/database.ts';
import type { TestStore } from '../support/database.ts';
import { accepted, at, request } from './samples.ts';

let opened: TestStore;
let store: Store;

beforeAll(async () => {
  opened = await openTestStore();
  ({ store } = opened);
});
afterAll(() => opened.close());

describe('create', () => {
  test('stores the request as accepted', async () => {
    const { row, created } = await store.investigations.create(
      request('inv-new', { title: 'nul \u0000 in a title' }),
    );
    expect(created).toBe(true);
    expect(row).toMatchObject({
      id: 'inv-new',
      request: { case: 'checkout-errors' },
      alert: { title: 'checkout fails', severity: 'error', labels: {} },
      title: 'nul \uFFFD in a title',
      status: 'accepted',
      phase: null,
      percent: 0,
      verdict: null,
      startedAt: null,
      endedAt: null,
    });
    expect(await store.investigations.get('inv-new')).toEqual(row);
    expect(await store.investigations.get('inv-other')).toBeNull();
    expect(await store.investigations.report('inv-new')).toBeNull();
  });

  test('gives the first row when the key comes again with the same request', async () => {
    const first = await store.investigations.create(request('inv-key-1', { idempotencyKey: 'k1' }));
    const again = await store.investigations.create(request('inv-key-2', { idempotencyKey: 'k1' }));
    expect(again).toEqual({ row: first.row, created: false });
    expect(await store.investigations.get('inv-key-2')).toBeNull();
  });

  test('refuses a key that belongs to another request', async () => {
    await store.investigations.create(request('inv-key-3', { idempotencyKey: 'k3' }));
    const other = store.investigations.create(
      request('inv-key-4', { idempotencyKey: 'k3', requestHash: 'c'.repeat(64) }),
    );
    await expect(other).rejects.toMatchObject({ code: 'conflict.idempotency-key' });
  });

  test('makes one row of many that come at once with one key', async () => {
    const made = await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        store.investigations.create(request(`inv-once-${index}`, { idempotencyKey: 'once' })),
      ),
    );
    expect(made.filter((one) => one.created)).toHaveLength(1);
    expect(new Set(made.map((one) => one.row.id)).size).toBe(1);
  });

  test('gives the row when an id comes again, as a sweep does after a crash', async () => {
    await store.investigations.create(request('inv-same-id'));
    const again = await store.investigations.create(request('inv-same-id'));
    expect(again.created).toBe(false);
  });
});

test('pages through all, newest first, without losing those of one millisecond', async () => {
  const ids = Array.from({ length: 40 }, (_, index) => `inv-page-${index}`);
  await Promise.all(ids.map((id) => accepted(store, id)));
  const found: string[] = [];
  let before: number | undefined;
  for (;;) {
    const page = await store.investigations.list({
      limit: 5,
      ...(before === undefined ? {} : { before }),
    });
    const last = page.at(-1);
    if (last === undefined) break;
    expect(page.length).toBeGreaterThanOrEqual(1);
    expect(last.createdAt).toBeLessThan(before ?? Infinity);
    before = last.createdAt;
    found.push(...page.map((row) => row.id));
  }
  expect(new Set(found).size).toBe(found.length);
  expect(found).toEqual(expect.arrayContaining(ids));
});

test('the outbox of starts holds what is accepted, oldest first, until it is marked as started', async () => {
  await accepted(store, 'inv-outbox-1');
  await accepted(store, 'inv-outbox-2');
  const waiting = async (): Promise<readonly string[]> =>
    (await store.investigations.unstarted(1_000))
      .map((row) => row.id)
      .filter((id) => id.startsWith('inv-outbox'));
  expect(await waiting()).toEqual(['inv-outbox-1', 'inv-outbox-2']);
  await store.investigations.markStarted('inv-outbox-1', at);
  await store.investigations.markStarted('inv-outbox-1', at + 50);
  expect(await waiting()).toEqual(['inv-outbox-2']);
  const row = await store.investigations.get('inv-outbox-1');
  expect(row).toMatchObject({ status: 'running', startedAt: at });
});
