import type { SpanAttributes, SpanStart, Tracing } from '../ports/tracing.ts';
import { knownAttributes } from './known-attributes.ts';

/**
 * Attributes of OpenTelemetry's conventions for generative AI, all of them here: the conventions have no release yet, and names change.
 */
export const genAi = {
  operation: 'gen_ai.operation.name',
  provider: 'gen_ai.provider.name',
  agent: 'gen_ai.agent.name',
  workflow: 'gen_ai.workflow.name',
  tool: 'gen_ai.tool.name',
  conversation: 'gen_ai.conversation.id',
  requestModel: 'gen_ai.request.model',
  temperature: 'gen_ai.request.temperature',
  maxTokens: 'gen_ai.request.max_tokens',
  seed: 'gen_ai.request.seed',
  responseId: 'gen_ai.response.id',
  responseModel: 'gen_ai.response.model',
  finishReasons: 'gen_ai.response.finish_reasons',
  inputTokens: 'gen_ai.usage.input_tokens',
  outputTokens: 'gen_ai.usage.output_tokens',
  cachedTokens: 'gen_ai.usage.cache_read.input_tokens',
  reasoningTokens: 'gen_ai.usage.reasoning.output_tokens',
  inputMessages: 'gen_ai.input.messages',
  outputMessages: 'gen_ai.output.messages',
} as const;

/** What is asked of a model. */
export interface ModelCall {
  readonly operation: 'chat' | 'generate_content' | 'embeddings';
  /** As the conventions spell it, e.g. `gcp.gemini`, `gcp.vertex_ai`, `openai`, `anthropic`. */
  readonly provider: string;
  readonly model: string;
  /** What belongs together: the investigation; absent where the span above says so. */
  readonly conversationId?: string;
  readonly temperature?: number;
  readonly maxTokens?: number;
  readonly seed?: number;
  /** As it is sent, already masked; captured only where that is allowed. */
  readonly messages: unknown;
}

/** What a reply says of itself. */
export interface ModelAnswer {
  readonly id?: string;
  readonly model?: string;
  readonly finishReasons?: readonly string[];
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  readonly cachedTokens?: number;
  readonly reasoningTokens?: number;
  readonly messages: unknown;
}

/** Longest text of captured messages. */
const maxContentLength = 32_000;

/** Asks a model within a span of its own. `describe` reads off the reply what the span says of it; a failure is told by its code alone. */
export function inModelSpan<Reply>(
  tracing: Tracing,
  call: ModelCall,
  ask: () => Promise<Reply>,
  describe: (reply: Reply) => ModelAnswer,
): Promise<Reply> {
  return tracing.inSpan(startOf(call, tracing.capturesContent), async (span) => {
    const reply = await ask();
    span.set(attributesOf(describe(reply), tracing.capturesContent));
    return reply;
  });
}

function startOf(call: ModelCall, capturesContent: boolean): SpanStart {
  return {
    name: `${call.operation} ${call.model}`,
    kind: 'client',
    attributes: knownAttributes({
      [genAi.operation]: call.operation,
      [genAi.provider]: call.provider,
      [genAi.requestModel]: call.model,
      [genAi.conversation]: call.conversationId,
      [genAi.temperature]: call.temperature,
      [genAi.maxTokens]: call.maxTokens,
      [genAi.seed]: call.seed,
      [genAi.inputMessages]: capturesContent ? contentOf(call.messages) : undefined,
    }),
  };
}

function attributesOf(answer: ModelAnswer, capturesContent: boolean): SpanAttributes {
  return knownAttributes({
    [genAi.responseId]: answer.id,
    [genAi.responseModel]: answer.model,
    [genAi.finishReasons]: answer.finishReasons,
    [genAi.inputTokens]: answer.inputTokens,
    [genAi.outputTokens]: answer.outputTokens,
    [genAi.cachedTokens]: answer.cachedTokens,
    [genAi.reasoningTokens]: answer.reasoningTokens,
    [genAi.outputMessages]: capturesContent ? contentOf(answer.messages) : undefined,
  });
}

function contentOf(messages: unknown): string {
  return (JSON.stringify(messages) ?? '').slice(0, maxContentLength);
}
