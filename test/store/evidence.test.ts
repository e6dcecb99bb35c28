import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import type { Store } from '../../store/store.ts';
import { openTestStore } from '../support/database.ts';
import type { TestStore } from '../support/database.ts';
import { accepted, at, closing, evidence, step } from './samples.ts';

let opened: TestStore;
let store: Store;

beforeAll(async () => {
  opened = await openTestStore();
  ({ store } = opened);
});
afterAll(() => opened.close());

const one = 'ev-0000000000000001';
const two = 'ev-0000000000000002';
const three = 'ev-0000000000000003';

test('evidence comes back as it was taken, NUL characters and fractions included', async () => {
  const id = await accepted(store, 'inv-evidence');
  const taken = evidence(one, { line: 'a\u0000b', points: [[1.5, null]] }, { confidence: 0.25 });
  const closed = closing('observe', null, { evidence: [taken] });
  await store.steps.complete(step(id, 'observe'), closed);
  expect(await store.evidence.get(id, one)).toEqual(taken);
  expect(await store.evidence.get(id, two)).toBeNull();
  expect(await store.evidence.get('inv-nowhere', one)).toBeNull();
});

test('the list has no bodies and stands in the order taken', async () => {
  const id = await accepted(store, 'inv-evidence-list');
  const later = closing('second', null, { evidence: [evidence(one, 1, { takenAt: at + 9 })] });
  await store.steps.complete(step(id, 'second'), later);
  const first = closing('first', null, { evidence: [evidence(three, 3), evidence(two, 2)] });
  await store.steps.complete(step(id, 'first'), first);
  const list = await store.evidence.list(id);
  expect(list.map((row) => row.id)).toEqual([three, two, one]);
  expect(list[0]).not.toHaveProperty('data');
  const many = await store.evidence.many(id, [one, 'ev-ffffffffffffffff', two]);
  expect(many.map((row) => [row.id, row.data])).toEqual([
    [two, 2],
    [one, 1],
  ]);
  expect(await store.evidence.many(id, [])).toEqual([]);
});

test('the same observation again changes nothing', async () => {
  const id = await accepted(store, 'inv-evidence-again');
  const again = evidence(one, [1, 2], { role: 'log', round: 3 });
  for (const [key, taken] of [
    ['first', evidence(one, [1, 2])],
    ['second', again],
  ] as const) {
    await store.steps.complete(step(id, key), closing(key, null, { evidence: [taken] }));
  }
  expect(await store.evidence.list(id)).toMatchObject([{ id: one, role: 'trace', round: 1 }]);
});

test('a body is kept once, compressed, for all investigations', async () => {
  const data = Array.from({ length: 20_000 }, (_, index) => index % 7);
  const before = await bodies();
  for (const name of ['inv-body-one', 'inv-body-two']) {
    const id = await accepted(store, name);
    await store.steps.complete(step(id, 'a'), closing('a', 0, { evidence: [evidence(one, data)] }));
    expect((await store.evidence.get(id, one))?.data).toEqual(data);
  }
  const after = await bodies();
  expect(after.rows - before.rows).toBe(1);
  expect(after.bytes - before.bytes).toBeLessThan(2_000);
});

test('steps that take the same evidence in opposite order do not block each other for good', async () => {
  const id = await accepted(store, 'inv-evidence-cross');
  const names = Array.from({ length: 30 }, (_, index) => `ev-${String(index).padStart(16, '0')}`);
  const forth = names.map((name) => evidence(name, { cross: name }));
  const rounds = Array.from({ length: 8 }, (_, index) => index);
  await Promise.all(
    rounds.map((round) => {
      const taken = round % 2 === 0 ? forth : forth.toReversed();
      const key = `observe.${round}`;
      return store.steps.complete(step(id, key), closing(key, null, { evidence: taken }));
    }),
  );
  expect(await store.evidence.list(id)).toHaveLength(30);
});

async function bodies(): Promise<{ readonly rows: number; readonly bytes: number }> {
  const client = new pg.Client({ connectionString: opened.connectionString });
  await client.connect();
  try {
    const { rows } = await client.query(
      'select count(*)::int as rows, coalesce(sum(length(bytes)), 0)::int as bytes from evidence_bodies',
    );
    return rows[0];
  } finally {
    await client.end();
  }
}
