import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openStore } from '../../store/open-store.ts';
import type { ModelLimits, ModelReservation, Store } from '../../store/store.ts';
import { openTestStore } from '../support/database.ts';
import type { TestStore } from '../support/database.ts';
import { accepted, at } from './samples.ts';

let opened: TestStore;
let store: Store;

beforeAll(async () => {
  opened = await openTestStore();
  ({ store } = opened);
});
afterAll(() => opened.close());

const wide: ModelLimits = { tokens: 1e9, usdMicros: 1e9, usdMicrosPerHour: 1e12 };
const free = { inputTokens: 0, cachedTokens: 0, outputTokens: 0, usdMicros: 0 };

function call(
  investigationId: string,
  number: number,
  changes: Partial<ModelReservation> = {},
): ModelReservation {
  return {
    id: `${investigationId}/${number}`,
    investigationId,
    workflowId: investigationId,
    stepKey: 'trace.r1.decide',
    attempt: 1,
    ask: number,
    provider: 'gemini',
    model: 'some-model',
    tokens: 1_000,
    usdMicros: 500,
    at,
    limits: wide,
    ...changes,
  };
}

describe('reserve', () => {
  test('RT-73 TA-28 lets calls made at once, by two processes, never pass the limit together', async () => {
    const id = await accepted(store, 'inv-model-race');
    const other = await openStore({ connectionString: opened.connectionString, poolSize: 10 });
    const limits = { ...wide, tokens: 7_500 };
    const made = await Promise.all(
      Array.from({ length: 40 }, (_, number) =>
        (number % 2 === 0 ? store : other).modelCalls.reserve(call(id, number, { limits })),
      ),
    );
    await other.close();
    expect(made.filter(({ refused }) => refused === null)).toHaveLength(7);
    expect(new Set(made.map(({ refused }) => refused))).toEqual(new Set([null, 'tokens']));
    const rows = await store.modelCalls.list(id);
    expect(rows.filter(({ state }) => state === 'reserved')).toHaveLength(7);
    expect(rows.filter(({ code }) => code === 'budget-exceeded.model')).toHaveLength(33);
    expect(await store.ledger.total(id)).toMatchObject({ modelCalls: 7 });
  });

  test('RT-73 counts what was set aside until it is settled, and then what was taken', async () => {
    const id = await accepted(store, 'inv-model-settle');
    const limits = { ...wide, usdMicros: 1_200 };
    const reserve = (number: number) => store.modelCalls.reserve(call(id, number, { limits }));
    expect([await reserve(1), await reserve(2), await reserve(3)]).toEqual([
      { refused: null },
      { refused: null },
      { refused: 'money' },
    ]);
    const took = { inputTokens: 300, cachedTokens: 0, outputTokens: 20, usdMicros: 50 };
    await store.modelCalls.settle(`${id}/1`, { at, code: null, ...took });
    expect(await reserve(4)).toEqual({ refused: null });
    expect(await reserve(5)).toEqual({ refused: 'money' });
  });

  test('RT-73 holds all investigations together to the limit of an hour, and forgets what is older', async () => {
    const one = await accepted(store, 'inv-model-hour-1');
    const two = await accepted(store, 'inv-model-hour-2');
    const day = at + 86_400_000;
    const limits = { ...wide, usdMicrosPerHour: 800 };
    const first = await store.modelCalls.reserve(call(one, 1, { at: day, limits }));
    const second = await store.modelCalls.reserve(call(two, 1, { at: day + 1_000, limits }));
    const later = await store.modelCalls.reserve(call(two, 2, { at: day + 3_600_001, limits }));
    expect([first, second, later]).toEqual([
      { refused: null },
      { refused: 'money-per-hour' },
      { refused: null },
    ]);
  });
});

describe('settle', () => {
  test('keeps a row for each call, failed ones with why, and sums them up once', async () => {
    const id = await accepted(store, 'inv-model-rows');
    for (const number of [1, 2]) await store.modelCalls.reserve(call(id, number));
    await store.modelCalls.settle(`${id}/1`, { at, code: 'unavailable.model', ...free });
    const took = { inputTokens: 700, cachedTokens: 0, outputTokens: 90, usdMicros: 1_200 };
    await store.modelCalls.settle(`${id}/2`, { at, code: null, ...took });
    await store.modelCalls.settle(`${id}/2`, { at, code: 'timeout.model', ...free });
    expect(await store.modelCalls.list(id)).toMatchObject([
      { ask: 1, state: 'failed', code: 'unavailable.model', usdMicros: 0 },
      { ask: 2, state: 'settled', code: null, inputTokens: 700, outputTokens: 90 },
    ]);
    expect(await store.ledger.total(id)).toEqual({
      toolCalls: 0,
      modelCalls: 2,
      inputTokens: 700,
      outputTokens: 90,
      usdMicros: 1_200,
    });
  });
});

describe('prompts', () => {
  test('are kept by their hash, once', async () => {
    await store.modelCalls.keepPrompt('a'.repeat(64), 'You look.');
    await store.modelCalls.keepPrompt('a'.repeat(64), 'You look.');
    expect(await store.modelCalls.prompt('a'.repeat(64))).toBe('You look.');
    expect(await store.modelCalls.prompt('b'.repeat(64))).toBeNull();
  });
});
