import { expect, test } from '@jest/globals';
import type { Model, ModelRequest, ModelTurn } from '../../../core/ports/model.ts';
import type { SpanAttributes, Tracing } from '../../../core/ports/tracing.ts';
import { traceModel } from '../../../core/tracing/trace-model.ts';

const request: ModelRequest = {
  system: 'You look for causes.',
  messages: [{ role: 'user', text: 'what burns?' }],
  tools: [],
  toolChoice: 'auto',
  responseSchema: null,
  maxOutputTokens: 512,
};
const turn: ModelTurn = {
  text: 'the cart',
  calls: [],
  native: null,
  finish: 'stop',
  finishReason: 'STOP',
  usage: { inputTokens: 12, cachedTokens: 4, outputTokens: 3 },
};
const model: Model = { provider: 'gemini', name: 'flash', ask: () => Promise.resolve(turn) };

function tracingThatKeeps(capturesContent: boolean) {
  const kept: SpanAttributes[] = [];
  const tracing: Tracing = {
    capturesContent,
    inSpan: (start, work) => {
      kept.push(start.attributes);
      return work({
        rename: () => undefined,
        set: (attributes) => void kept.push(attributes),
        fail: () => undefined,
      });
    },
    record: () => undefined,
    current: () => null,
  };
  return { tracing, kept };
}

const options = { signal: new AbortController().signal, timeoutMs: 1_000 };

test('AU-96 a question to a model is a span that says who was asked and what it took, and not what was said', async () => {
  const { tracing, kept } = tracingThatKeeps(false);
  expect(await traceModel(model, tracing, 'gcp.vertex_ai').ask(request, options)).toBe(turn);
  expect(kept).toEqual([
    {
      'gen_ai.operation.name': 'generate_content',
      'gen_ai.provider.name': 'gcp.vertex_ai',
      'gen_ai.request.model': 'flash',
      'gen_ai.request.max_tokens': 512,
    },
    {
      'gen_ai.response.finish_reasons': ['STOP'],
      'gen_ai.usage.input_tokens': 12,
      'gen_ai.usage.cache_read.input_tokens': 4,
      'gen_ai.usage.output_tokens': 3,
    },
  ]);
});

test('AU-96 what was said is in the span where that is allowed', async () => {
  const { tracing, kept } = tracingThatKeeps(true);
  await traceModel(model, tracing, 'gcp.vertex_ai').ask(request, options);
  expect(JSON.stringify(kept)).toMatch(/what burns\?.*the cart/);
});
