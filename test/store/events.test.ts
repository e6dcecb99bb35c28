import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { openStore } from '../../store/open-store.ts';
import type { Store } from '../../store/store.ts';
import { openTestStore } from '../support/database.ts';
import type { TestStore } from '../support/database.ts';
import { waitUntil } from '../support/wait-until.ts';
import { accepted, at, closing, draft, step } from './samples.ts';

let opened: TestStore;
let store: Store;

beforeAll(async () => {
  opened = await openTestStore();
  ({ store } = opened);
});
afterAll(() => opened.close());

describe('append', () => {
  test('counts from 1 without gaps and leaves out what stands already', async () => {
    const id = await accepted(store, 'inv-append');
    await store.events.append(id, [draft('note', 'cancel'), draft('note', 'cancel')], at);
    await store.events.append(id, [draft('note', 'cancel'), draft('action', 'cancel')], at);
    await store.events.append(id, [], at);
    const events = await store.events.since(id, 0, 10);
    expect(events.map(({ sequence, type }) => [sequence, type])).toEqual([
      [1, 'note'],
      [2, 'action'],
    ]);
  });

  test('lets ended stand once, whatever the attempt', async () => {
    const id = await accepted(store, 'inv-append-ended');
    for (const attempt of [1, 2]) {
      await store.events.append(id, [draft('ended', 'plan', { attempt })], at);
    }
    expect(await store.events.since(id, 0, 10)).toHaveLength(1);
  });

  test('never lets the percentage fall, and keeps phase and percentage with the investigation', async () => {
    const id = await accepted(store, 'inv-append-percent');
    await store.events.append(id, [draft('note', 'a', { percent: 40 })], at);
    await store.events.append(
      id,
      [draft('note', 'b', { percent: 10 }), draft('note', 'c', { percent: 55, phase: 'verify' })],
      at,
    );
    await store.events.append(id, [draft('note', 'd', { percent: 50, phase: 'report' })], at);
    const events = await store.events.since(id, 0, 10);
    expect(events.map((event) => event.percent)).toEqual([40, 40, 55, 55]);
    expect(await store.investigations.get(id)).toMatchObject({ phase: 'report', percent: 55 });
  });

  test('refuses an investigation that is not there', async () => {
    const appended = store.events.append('inv-nowhere', [draft('note', 'a')], at);
    await expect(appended).rejects.toMatchObject({ code: 'not-found.investigation' });
  });
});

test('since gives what comes after a sequence, as much as asked', async () => {
  const id = await accepted(store, 'inv-since');
  const drafts = ['a', 'b', 'c', 'd'].map((key) => draft('note', key));
  await store.events.append(id, drafts, at);
  const events = await store.events.since(id, 1, 2);
  expect(events.map((event) => event.stepKey)).toEqual(['b', 'c']);
  expect(events[0]).toEqual({
    ...draft('note', 'b'),
    investigationId: id,
    sequence: 2,
    at: '2026-03-02T10:00:00.250Z',
  });
});

test('a reader that polls during a rush from three processes never misses an event nor sees a gap', async () => {
  const id = await accepted(store, 'inv-rush');
  const options = { connectionString: opened.connectionString, poolSize: 4 };
  const others = [await openStore(options), await openStore(options)];
  const writers = [store, ...others].flatMap((one, process) =>
    Array.from({ length: 4 }, (_, index) => rush(one, id, `${process}.${index}`)),
  );
  const seen: number[] = [];
  const total = writers.length * 8 * 3;
  const reader = waitUntil('all events to be read', async () => {
    const events = await store.events.since(id, seen.at(-1) ?? 0, 500);
    seen.push(...events.map((event) => event.sequence));
    return seen.length >= total;
  });
  await Promise.all([...writers, reader]);
  expect(seen).toEqual(Array.from({ length: total }, (_, index) => index + 1));
  await Promise.all(others.map((one) => one.close()));
});

/** Eight steps one after another, each with a begun, a note from outside, and an ended. */
async function rush(one: Store, id: string, name: string): Promise<void> {
  for (let round = 0; round < 8; round++) {
    const key = `${name}.${round}`;
    await one.steps.begin(step(id, key), draft('begun', key), at);
    await one.events.append(id, [draft('note', key)], at);
    await one.steps.complete(step(id, key), closing(key, round));
  }
}

describe('subscribe', () => {
  test('wakes the subscribers of an investigation when its events are committed, and no others', async () => {
    const id = await accepted(store, 'inv-wake');
    const other = await accepted(store, 'inv-wake-other');
    const woken: string[] = [];
    const stops = [
      await store.events.subscribe(id, () => woken.push('first')),
      await store.events.subscribe(id, () => woken.push('second')),
      await store.events.subscribe(other, () => woken.push('other')),
    ];
    await store.events.append(id, [draft('note', 'a')], at);
    await waitUntil('both to be woken', () => woken.length === 2);
    await stops[0]?.();
    await store.events.append(id, [draft('note', 'b')], at);
    await waitUntil('the second to be woken', () => woken.length === 3);
    expect(woken).toEqual(['first', 'second', 'second']);
    for (const stop of stops) await stop();
  });

  test('says nothing when nothing was written', async () => {
    const [id, last] = [
      await accepted(store, 'inv-wake-nothing'),
      await accepted(store, 'inv-wake-last'),
    ];
    const woken: string[] = [];
    const stops = [
      await store.events.subscribe(id, () => woken.push('one')),
      await store.events.subscribe(last, () => woken.push('last')),
    ];
    await store.events.append(id, [draft('note', 'a')], at);
    await store.events.append(id, [draft('note', 'a')], at);
    await store.events.append(id, [draft('note', 'b')], at);
    await store.events.append(last, [draft('note', 'c')], at);
    // Wakes come in the order of commits, so all others have come before the last.
    await waitUntil('the last wake', () => woken.includes('last'));
    expect(woken).toEqual(['one', 'one', 'last']);
    for (const stop of stops) await stop();
  });

  test('connects again after its connection was cut, and then wakes all', async () => {
    const id = await accepted(store, 'inv-wake-cut');
    // Of its own, and so just begun to listen: later its last query is another.
    const listening = await openStore({
      connectionString: opened.connectionString,
      poolSize: 1,
    });
    let wakes = 0;
    const stop = await listening.events.subscribe(id, () => void (wakes += 1));
    const admin = new pg.Client({ connectionString: opened.connectionString });
    await admin.connect();
    await admin.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where query like 'listen %' and datname = current_database()`,
    );
    await admin.end();
    await waitUntil('the wake after the cut', () => wakes === 1);
    await store.events.append(id, [draft('note', 'a')], at);
    await waitUntil('a wake by an event', () => wakes > 1);
    expect(wakes).toBe(2);
    await stop();
    await listening.close();
  });
});
