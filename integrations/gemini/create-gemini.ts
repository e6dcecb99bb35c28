import { GoogleGenAI } from '@google/genai';
import type { GenerateContentResponse, GoogleGenAIOptions } from '@google/genai';
import { AppError } from '../../core/errors.ts';
import type { Model, ModelRequest, ModelTurn } from '../../core/ports/model.ts';
import { untilAborted } from '../../core/until-aborted.ts';
import { fromWire } from './from-wire.ts';
import { toModelError } from './to-error.ts';
import type { Exchange } from './to-error.ts';
import { toWire } from './to-wire.ts';
import type { Thinking } from './to-wire.ts';

/** How Gemini is reached: with a key, or through Vertex AI as whoever the environment says. */
export type GeminiAccess =
  | { readonly kind: 'key'; readonly apiKey: string }
  | {
      readonly kind: 'vertex';
      readonly project: string;
      readonly location: string;
      /** Instead of the default credentials of the environment. */
      readonly auth?: GoogleGenAIOptions['googleAuthOptions'];
    };

export interface GeminiOptions {
  readonly access: GeminiAccess;
  readonly model: string;
  /** Instead of Google's own address. */
  readonly baseUrl?: string;
  readonly thinking: Thinking | null;
}

const provider = 'gemini';

/** Makes the model driver on `@google/genai`: one request a call, whose answer comes in pieces, without
 * retries or continuation by the SDK. */
export function createGemini(options: GeminiOptions): Model {
  return {
    provider,
    name: options.model,
    ask: (request, { signal, timeoutMs }) => ask(options, request, signal, timeoutMs),
  };
}

async function ask(
  options: GeminiOptions,
  request: ModelRequest,
  signal: AbortSignal,
  timeoutMs: number,
): Promise<ModelTurn> {
  signal.throwIfAborted();
  // The SDK reports a caller's abort and a time-out alike: which of the two it was, these tell.
  const timeout = AbortSignal.timeout(timeoutMs);
  const exchange: Exchange = { isSent: false, answer: null };
  const fetchOnce: typeof fetch = async (input, init) => {
    exchange.isSent = true;
    exchange.answer = await fetch(input, init);
    return exchange.answer;
  };
  const { model } = options;
  const client = new GoogleGenAI(clientOptions(options, fetchOnce));
  const wire = toWire(request, { provider, model, thinking: options.thinking });
  const either = AbortSignal.any([signal, timeout]);
  wire.config.abortSignal = either;
  const stream = async (): Promise<GenerateContentResponse[]> =>
    collect(await client.models.generateContentStream(wire));
  try {
    // While it looks for credentials the SDK heeds no signal.
    return fromWire(await untilAborted(stream(), either), { provider, model });
  } catch (error) {
    signal.throwIfAborted();
    if (timeout.aborted) {
      throw new AppError('timeout.model', `${model} gave no answer within ${timeoutMs} ms`, {
        cause: error,
      });
    }
    throw toModelError(error, model, exchange);
  }
}

/** A fresh object each time: the SDK writes into what it is given. */
function clientOptions(
  { access, baseUrl }: GeminiOptions,
  fetchOnce: typeof fetch,
): GoogleGenAIOptions {
  const httpOptions = { fetch: fetchOnce, ...(baseUrl !== undefined && { baseUrl }) };
  if (access.kind === 'key') {
    const { apiKey } = access;
    return { vertexai: false, apiKey, apiVersion: 'v1beta', httpOptions };
  }
  const { project, location, auth } = access;
  return {
    vertexai: true,
    project,
    location,
    apiVersion: 'v1beta1',
    httpOptions,
    ...(auth !== undefined && { googleAuthOptions: auth }),
  };
}

const mostChunks = 10_000;

async function collect(
  stream: AsyncIterable<GenerateContentResponse>,
): Promise<GenerateContentResponse[]> {
  const chunks: GenerateContentResponse[] = [];
  for await (const chunk of stream) {
    if (chunks.length >= mostChunks) {
      throw new AppError('model-output.schema', 'an answer in more than 10,000 pieces');
    }
    chunks.push(chunk);
  }
  return chunks;
}
