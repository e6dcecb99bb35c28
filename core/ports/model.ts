import type { ToolCall } from '../schemas/tool-call.ts';

/** A value as JSON carries it. */
export type Json = ToolCall['input'];

/** Something that a model may call, described by JSON Schema. */
export interface ModelTool {
  readonly name: string;
  readonly description: string;
  readonly inputSchema: Readonly<Record<string, unknown>>;
}

/** A call that a model asks for. `id` is the provider's own, where it gives one; `input` has been checked by nobody. */
export interface ModelCall {
  readonly id: string | null;
  readonly name: string;
  readonly input: Json;
}

/** What came of a call, as the model is told. */
export interface ModelAnswer {
  readonly id: string | null;
  readonly name: string;
  readonly ok: boolean;
  readonly answer: Json;
}

export type ModelMessage =
  | { readonly role: 'user'; readonly text: string }
  | { readonly role: 'model'; readonly turn: SaidTurn }
  | { readonly role: 'answers'; readonly answers: readonly ModelAnswer[] };

/** What a provider sent, word for word: worth something to the same provider and model only, which may ask for it back. */
export interface NativeTurn {
  readonly provider: string;
  readonly model: string;
  readonly content: Json;
}

/** What a model said, in neutral form and as it came. */
export interface SaidTurn {
  readonly text: string;
  readonly calls: readonly ModelCall[];
  readonly native: NativeTurn | null;
}

/** Counts of tokens; `outputTokens` holds what was thought as well, `inputTokens` what came from a cache. */
export interface ModelUsage {
  readonly inputTokens: number;
  readonly cachedTokens: number;
  readonly outputTokens: number;
}

/** One exchange: what was said, why it ended, and what it took. */
export interface ModelTurn extends SaidTurn {
  /** `length`: cut off at the limit; `refused`: blocked or declined; `malformed`: the provider could not read its own model. */
  readonly finish: 'stop' | 'length' | 'refused' | 'malformed' | 'other';
  /** The provider's own word for it. */
  readonly finishReason: string;
  /** Null where the provider does not say. */
  readonly usage: ModelUsage | null;
}

export interface ModelRequest {
  readonly system: string;
  readonly messages: readonly ModelMessage[];
  readonly tools: readonly ModelTool[];
  /** Whether a call must be made; of no account without tools. */
  readonly toolChoice: 'auto' | 'required';
  /** JSON Schema that the text has to follow; null for free text. */
  readonly responseSchema: Readonly<Record<string, unknown>> | null;
  readonly maxOutputTokens: number;
}

/**
 * Asks a model once: one request, no retries. Rejects with the reason of `signal` when that fires, and else with `timeout.model` after `timeoutMs`,
 * `rate-limited.model` (`details.retryAfterMs` where the provider says how long), `unavailable.model`, `forbidden.model`, `invalid.model-request` or
 * `model-output.schema` for an answer that is none. What the provider wrote stands in no message.
 */
export interface Model {
  readonly provider: string;
  readonly name: string;
  ask(
    request: ModelRequest,
    options: { readonly signal: AbortSignal; readonly timeoutMs: number },
  ): Promise<ModelTurn>;
}
