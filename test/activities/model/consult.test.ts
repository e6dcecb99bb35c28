import { describe, expect, test } from '@jest/globals';
import { createConsult } from '../../../activities/model/consult.ts';
import { failuresInARow } from '../../../activities/model/outages.ts';
import { prompts } from '../../../agents/prompts.ts';
import { createMemoryCalls } from '../../../bench/direct/memory-calls.ts';
import { AppError } from '../../../core/errors.ts';
import type { Model, ModelTurn } from '../../../core/ports/model.ts';
import { conservativePrice } from '../../../core/reliability/cost/model-price.ts';
import { promptHashes } from '../../support/local-model.ts';

const turn: ModelTurn = {
  ...{ text: 'fine', calls: [], native: null, finish: 'stop', finishReason: 'STOP' },
  usage: { inputTokens: 10, cachedTokens: 0, outputTokens: 2 },
};

/** Asks once, and gives the row that the call has left. */
async function rowOf(ask: Model['ask']) {
  const modelCalls = createMemoryCalls();
  const consult = createConsult({
    store: { modelCalls },
    model: {
      model: { provider: 'gemini', name: 'flash', ask },
      ...{ price: conservativePrice, timeoutMs: 1_000, hasSlimTools: true },
      ...{ isMasking: false, maskTerms: [], findMasked: () => [] },
    },
    now: () => 1_000,
  });
  const limits = { tokens: 1e9, usdMicros: 1e12, usdMicrosPerHour: 1e12 };
  const frozen = { provider: 'gemini', name: 'flash', prompts: promptHashes, limits };
  await consult({
    asking: {
      ...{ investigationId: 'inv-1', workflowId: 'inv-1', stepKey: 'plan', attempt: 1 },
      signal: new AbortController().signal,
    },
    use: { model: { ...frozen, maxOutputTokens: 500, isRequired: false }, endsAt: 60_000 } as never,
    prompt: Object.keys(prompts)[0] as never,
    ...{ known: [], before: { messages: [], aliases: {} }, tools: [], responseSchema: null },
    say: { role: 'user', text: ['Well?'] },
    read: () => ({ value: 1, problem: null, answers: [], isRepaired: false, refused: [] }),
  }).catch(() => undefined);
  const [row] = await modelCalls.list('inv-1');
  return row;
}

describe('RT-73 what a call is booked with', () => {
  const unavailable = (mayCost: boolean) => () =>
    Promise.reject(new AppError('unavailable.model', 'flash is gone', { details: { mayCost } }));

  test('is what the provider counted', async () => {
    expect(await rowOf(() => Promise.resolve(turn))).toMatchObject({
      ...{ state: 'settled', inputTokens: 10, outputTokens: 2 },
    });
  });

  test('is all that was set aside where the provider counted nothing', async () => {
    const row = await rowOf(() => Promise.resolve({ ...turn, usage: null }));
    expect(row?.usdMicros).toBe(row?.reservedUsdMicros);
    expect((row?.inputTokens ?? 0) + (row?.outputTokens ?? 0)).toBe(row?.reservedTokens);
  });

  test('is nothing where the provider did nothing, and all that was set aside where it broke off underway', async () => {
    expect(await rowOf(unavailable(false))).toMatchObject({ state: 'failed', usdMicros: 0 });
    const cut = await rowOf(unavailable(true));
    expect(cut?.state).toBe('failed');
    expect(cut?.usdMicros).toBe(cut?.reservedUsdMicros);
  });
});

describe('RT-40 failures in a row', () => {
  const call = (reservedAt: number, settledAt: number | null, code: string | null) => ({
    ...{ reservedAt, settledAt, code },
  });
  const often = 'rate-limited.model';

  test('of calls that were under way together are one', () => {
    const burst = [0, 1, 2, 3].map((at) => call(at, at + 100, often));
    expect(failuresInARow(burst)).toBe(1);
    const again = [0, 1, 2, 3].map((at) => call(at + 2_000, at + 2_100, often));
    expect(failuresInARow([...burst, ...again])).toBe(2);
  });

  test('one after the other are each one, until one succeeds', () => {
    const three = [0, 1_000, 2_000].map((at) => call(at, at + 100, 'unavailable.model'));
    expect(failuresInARow(three)).toBe(3);
    expect(failuresInARow([...three, call(3_000, 3_100, null)])).toBe(0);
  });

  test('leave out what is still under way and what the budget did not allow', () => {
    expect(
      failuresInARow([
        call(0, 100, 'timeout.model'),
        call(200, 200, 'budget-exceeded.model'),
        call(300, null, null),
      ]),
    ).toBe(1);
  });
});
