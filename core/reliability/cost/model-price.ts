/** What a million tokens cost, in micro-dollars. */
export interface ModelPrice {
  readonly inputUsdMicros: number;
  readonly outputUsdMicros: number;
}

const usd = 1_000_000;

/** List prices without discounts for cached tokens or long prompts, highest tier. Names are compared by their beginning, longest first. */
const known: Readonly<Record<string, ModelPrice>> = {
  'gemini-2.5-flash-lite': { inputUsdMicros: 0.1 * usd, outputUsdMicros: 0.4 * usd },
  'gemini-2.5-flash': { inputUsdMicros: 0.3 * usd, outputUsdMicros: 2.5 * usd },
  'gemini-2.5-pro': { inputUsdMicros: 2.5 * usd, outputUsdMicros: 15 * usd },
};

/** For a model of which no price is known: dearer than every one that is, so that a budget is rather kept too early than too late. */
export const conservativePrice: ModelPrice = {
  inputUsdMicros: 20 * usd,
  outputUsdMicros: 80 * usd,
};

/** Gives the price of a model: the one that was configured, else the list price, else the conservative one. Never 0 by mere ignorance. */
export function priceOf(model: string, configured: ModelPrice | null): ModelPrice {
  if (configured !== null) return configured;
  const name = Object.keys(known)
    .filter((prefix) => model.startsWith(prefix))
    .sort((one, other) => other.length - one.length)[0];
  return (name === undefined ? undefined : known[name]) ?? conservativePrice;
}

/** Gives what tokens cost, in micro-dollars, rounded up. */
export function costOf(
  price: ModelPrice,
  tokens: { readonly inputTokens: number; readonly outputTokens: number },
): number {
  const { inputUsdMicros, outputUsdMicros } = price;
  return Math.ceil(
    (tokens.inputTokens * inputUsdMicros + tokens.outputTokens * outputUsdMicros) / 1e6,
  );
}

/** No tokenizer makes more tokens of a text than it has bytes; for our prompts half of that is ample. */
const bytesPerToken = 2;

/** Gives the most tokens that a prompt of so many bytes may turn out to have. */
export function mostTokens(promptBytes: number): number {
  return Math.ceil(promptBytes / bytesPerToken);
}
