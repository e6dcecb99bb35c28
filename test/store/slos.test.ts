import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Store } from '../../store/store.ts';
import { openTestStore } from '../support/database.ts';
import type { TestStore } from '../support/database.ts';
import { at } from './samples.ts';

let opened: TestStore;
let store: Store;

beforeAll(async () => {
  opened = await openTestStore();
  ({ store } = opened);
});
afterAll(() => opened.close());

function note(
  slo: string,
  state: 'burning' | 'quiet' | 'unknown',
  minute: number,
  investigationId = `inv-${minute}`,
) {
  const detail = { minute };
  return store.slos.note({ slo, state, at: at + minute * 60_000, investigationId, detail });
}

test('an episode lasts from the first burning evaluation to the first quiet one', async () => {
  expect(await note('checkout', 'quiet', 0)).toEqual({ opened: false, episode: null });
  const first = await note('checkout', 'burning', 1);
  expect(first).toMatchObject({
    opened: true,
    episode: { episode: 1, beganAt: at + 60_000, endedAt: null, investigationId: 'inv-1' },
  });
  expect(await note('checkout', 'burning', 2)).toEqual({ ...first, opened: false });
  expect(await note('checkout', 'unknown', 3)).toEqual({ ...first, opened: false });
  expect(await note('checkout', 'quiet', 4)).toMatchObject({
    opened: false,
    episode: { episode: 1, endedAt: at + 240_000 },
  });
  expect(await note('checkout', 'unknown', 5)).toEqual({ opened: false, episode: null });
  expect(await note('checkout', 'burning', 6)).toMatchObject({
    opened: true,
    episode: { episode: 2, investigationId: 'inv-6' },
  });
});

test('of evaluations that burn at once one opens the episode, and all know its investigation', async () => {
  const noted = await Promise.all(
    Array.from({ length: 8 }, (_, index) => note('gateway', 'burning', 1, `inv-gateway-${index}`)),
  );
  expect(noted.filter((one) => one.opened)).toHaveLength(1);
  expect(new Set(noted.map((one) => one.episode?.investigationId)).size).toBe(1);
});

test('a quiet evaluation from before the episode does not end it', async () => {
  await note('payments', 'burning', 5);
  expect(await note('payments', 'quiet', 4)).toEqual({ opened: false, episode: null });
  expect(await note('payments', 'unknown', 6)).toMatchObject({ episode: { endedAt: null } });
});

test('evaluations are listed newest first', async () => {
  await note('listed', 'burning', 1);
  await note('listed', 'quiet', 2);
  expect(await store.slos.evaluations(2)).toEqual([
    { slo: 'listed', state: 'quiet', at: at + 120_000, detail: { minute: 2 } },
    { slo: 'listed', state: 'burning', at: at + 60_000, detail: { minute: 1 } },
  ]);
});
