import type { Model } from '../ports/model.ts';
import type { Tracing } from '../ports/tracing.ts';
import { inModelSpan } from './gen-ai.ts';

/** Providers by the names that OpenTelemetry's conventions give them. */
const conventional: Readonly<Record<string, string>> = { gemini: 'gcp.gemini' };

/** Lets every question to a model be a span of its own, within that of the activity that asks. */
export function traceModel(model: Model, tracing: Tracing): Model {
  return {
    ...model,
    ask: (request, options) =>
      inModelSpan(
        tracing,
        {
          operation: 'generate_content',
          provider: conventional[model.provider] ?? model.provider,
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
