import { prompts } from '../../agents/prompts.ts';
import type { ModelCallRow, ModelCalls, TotalCost } from '../../store/store.ts';

/** The calls of a model by one investigation, in memory, within the limits of that one. */
export function createMemoryCalls(): ModelCalls {
  const rows = new Map<string, ModelCallRow>();
  const texts = new Map<string, string>(
    Object.values(prompts).map(({ hash, text }) => [hash, text]),
  );
  return {
    reserve: ({ limits, tokens, usdMicros, at, ...call }) => {
      const spent = sumOf([...rows.values()]);
      const taken = spent.inputTokens + spent.outputTokens;
      if (taken + tokens > limits.tokens) return Promise.resolve({ refused: 'tokens' as const });
      if (spent.usdMicros + usdMicros > limits.usdMicros) {
        return Promise.resolve({ refused: 'money' as const });
      }
      const { id, stepKey, attempt, ask, provider, model } = call;
      rows.set(id, {
        ...{ id, stepKey, attempt, ask, provider, model, state: 'reserved', code: null },
        ...{ reservedTokens: tokens, reservedUsdMicros: usdMicros, reservedAt: at },
        ...{ inputTokens: 0, cachedTokens: 0, outputTokens: 0, usdMicros: 0, settledAt: null },
      });
      return Promise.resolve({ refused: null });
    },
    settle: (id, { at, code, ...took }) => {
      const row = rows.get(id);
      const state = code === null ? 'settled' : 'failed';
      if (row !== undefined) rows.set(id, { ...row, ...took, code, state, settledAt: at });
      return Promise.resolve();
    },
    list: () => Promise.resolve([...rows.values()]),
    keepPrompt: (hash, text) => {
      texts.set(hash, text);
      return Promise.resolve();
    },
    prompt: (hash) => Promise.resolve(texts.get(hash) ?? null),
  };
}

/** What calls took in all. */
export function sumOf(rows: readonly ModelCallRow[]): Omit<TotalCost, 'toolCalls'> {
  const total = (figure: 'inputTokens' | 'outputTokens' | 'usdMicros'): number =>
    rows.reduce((sum, row) => sum + row[figure], 0);
  return {
    modelCalls: rows.length,
    inputTokens: total('inputTokens'),
    outputTokens: total('outputTokens'),
    usdMicros: total('usdMicros'),
  };
}
