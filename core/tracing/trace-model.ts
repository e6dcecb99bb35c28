import type { Model } from '../ports/model.ts';
import type { Tracing } from '../ports/tracing.ts';
import { inModelSpan } from './gen-ai.ts';
import type { ModelCall } from './gen-ai.ts';

/** Lets every question to a model be a span of its own, within that of the activity that asks. `provider` is as the conventions spell whom it goes to. */
export function traceModel(model: Model, tracing: Tracing, provider: ModelCall['provider']): Model {
  return {
    ...model,
    ask: (request, options) =>
      inModelSpan(
        tracing,
        {
          operation: 'generate_content',
          provider,
          model: model.name,
          maxTokens: request.maxOutputTokens,
          messages: request.messages,
        },
        () => model.ask(request, options),
        ({ text, calls, finishReason, usage }) => ({
          finishReasons: [finishReason],
          ...usage,
          messages: [{ text, calls }],
        }),
      ),
  };
}
