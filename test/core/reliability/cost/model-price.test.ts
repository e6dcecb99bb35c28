import { describe, expect, test } from '@jest/globals';
import {
  conservativePrice,
  costOf,
  mostTokens,
  priceOf,
} from '../../../../core/reliability/cost/model-price.ts';

describe('priceOf', () => {
  test('RT-40 charges a model that nobody knows more than any that is known, and never nothing', () => {
    const unknown = priceOf('gemini-9-ultra', null);
    expect(unknown).toEqual(conservativePrice);
    for (const name of ['gemini-2.5-pro', 'gemini-2.5-flash', 'gemini-2.5-flash-lite']) {
      const known = priceOf(name, null);
      expect(known.inputUsdMicros).toBeLessThan(unknown.inputUsdMicros);
      expect(known.outputUsdMicros).toBeLessThan(unknown.outputUsdMicros);
      expect(known.inputUsdMicros).toBeGreaterThan(0);
    }
  });

  test('takes the longest name that fits, and a configured price before it', () => {
    expect(priceOf('gemini-2.5-flash-lite-001', null).outputUsdMicros).toBe(400_000);
    expect(priceOf('gemini-2.5-flash-001', null).outputUsdMicros).toBe(2_500_000);
    const configured = { inputUsdMicros: 1, outputUsdMicros: 2 };
    expect(priceOf('gemini-2.5-flash', configured)).toBe(configured);
  });
});

test('a call costs its tokens by the price of a million, rounded up', () => {
  const price = { inputUsdMicros: 300_000, outputUsdMicros: 2_500_000 };
  expect(costOf(price, { inputTokens: 1_000, outputTokens: 100 })).toBe(550);
  expect(costOf(price, { inputTokens: 1, outputTokens: 0 })).toBe(1);
  expect(mostTokens(1_001)).toBe(501);
});
