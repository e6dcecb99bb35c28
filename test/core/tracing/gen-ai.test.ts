import { describe, expect, test } from '@jest/globals';
import { AppError } from '../../../core/errors.ts';
import type { SpanAttributes, SpanStart, Tracing } from '../../../core/ports/tracing.ts';
import { inModelSpan } from '../../../core/tracing/gen-ai.ts';
import type { ModelCall } from '../../../core/tracing/gen-ai.ts';

const call: ModelCall = {
  operation: 'generate_content',
  provider: 'gcp.gemini',
  model: 'gemini-2.5-pro',
  conversationId: 'inv-1',
  temperature: 0,
  messages: [{ role: 'user', parts: ['what burns?'] }],
};
const answer = {
  id: 'r-1',
  finishReasons: ['stop'],
  inputTokens: 12,
  outputTokens: 3,
  messages: [{ role: 'model', parts: ['the cart'] }],
};

function recordingTracing(capturesContent: boolean) {
  const starts: SpanStart[] = [];
  const sets: SpanAttributes[] = [];
  const tracing: Tracing = {
    capturesContent,
    inSpan: (start, work) => {
      starts.push(start);
      return work({
        rename: () => undefined,
        set: (attributes) => void sets.push(attributes),
        fail: () => undefined,
      });
    },
    record: () => undefined,
    current: () => null,
  };
  return { tracing, starts, sets };
}

describe('the span of a model call', () => {
  test('says by the conventions who was asked what, and what it cost', async () => {
    const { tracing, starts, sets } = recordingTracing(false);
    await inModelSpan(
      tracing,
      call,
      () => Promise.resolve('reply'),
      () => answer,
    );
    expect(starts).toEqual([
      {
        name: 'generate_content gemini-2.5-pro',
        kind: 'client',
        attributes: {
          'gen_ai.operation.name': 'generate_content',
          'gen_ai.provider.name': 'gcp.gemini',
          'gen_ai.request.model': 'gemini-2.5-pro',
          'gen_ai.request.temperature': 0,
          'gen_ai.conversation.id': 'inv-1',
        },
      },
    ]);
    expect(sets).toEqual([
      {
        'gen_ai.response.id': 'r-1',
        'gen_ai.response.finish_reasons': ['stop'],
        'gen_ai.usage.input_tokens': 12,
        'gen_ai.usage.output_tokens': 3,
      },
    ]);
  });

  test('AU-96 holds what was said only where that is asked for', async () => {
    for (const captures of [false, true]) {
      const { tracing, starts, sets } = recordingTracing(captures);
      await inModelSpan(
        tracing,
        call,
        () => Promise.resolve('reply'),
        () => answer,
      );
      const told = JSON.stringify([starts, sets]);
      expect([told.includes('what burns?'), told.includes('the cart')]).toEqual([
        captures,
        captures,
      ]);
    }
  });

  test('hands the reply on, and the failure as it is', async () => {
    const { tracing } = recordingTracing(false);
    const reply = { text: 'the cart' };
    expect(
      await inModelSpan(
        tracing,
        call,
        () => Promise.resolve(reply),
        () => answer,
      ),
    ).toBe(reply);
    const failure = new AppError('rate-limited.backend', 'slow down');
    await expect(
      inModelSpan(
        tracing,
        call,
        () => Promise.reject(failure),
        () => answer,
      ),
    ).rejects.toBe(failure);
  });
});
