import { prompts } from '../../agents/prompts.ts';
import type { InProcess } from '../../bench/direct/run-in-process.ts';
import { conservativePrice } from '../../core/reliability/cost/model-price.ts';
import { createGemini } from '../../integrations/gemini/create-gemini.ts';
import type { FrozenModel } from '../../workflows/messages.ts';

/** The hashes of the prompts as they are. */
export const promptHashes = Object.fromEntries(
  Object.entries(prompts).map(([name, { hash }]) => [name, hash]),
) as FrozenModel['prompts'];

/** A model of the local Gemini, as a run in one process takes it. */
export function localModel(
  url: string,
  name: string,
  limits: Partial<FrozenModel['limits']> & { readonly timeoutMs?: number } = {},
): NonNullable<InProcess['model']> {
  const { timeoutMs = 20_000, ...rest } = limits;
  return {
    access: {
      model: createGemini({
        access: { kind: 'key', apiKey: 'local' },
        ...{ model: name, baseUrl: url, thinking: null },
      }),
      price: conservativePrice,
      timeoutMs,
      hasSlimTools: true,
      isMasking: true,
      maskTerms: [],
      findMasked: () => [],
    },
    frozen: {
      ...{ provider: 'gemini', name, prompts: promptHashes, maxOutputTokens: 4_096 },
      limits: { tokens: 1e9, usdMicros: 1e12, usdMicrosPerHour: 1e12, ...rest },
      isRequired: false,
    },
  };
}
