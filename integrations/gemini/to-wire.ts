import { FunctionCallingConfigMode } from '@google/genai';
import type {
  Content,
  GenerateContentConfig,
  GenerateContentParameters,
  Part,
  ThinkingLevel,
} from '@google/genai';
import type { Json, ModelAnswer, ModelMessage, ModelRequest } from '../../core/ports/model.ts';

/** Stands in for the signature of a call that another provider's model made; documented by Google. */
const foreignSignature = 'skip_thought_signature_validator';

/** How much a model may think: a number of tokens (2.5 series; 0 off, -1 as it likes) or a level (3 and later). */
export type Thinking =
  { readonly budgetTokens: number } | { readonly level: 'MINIMAL' | 'LOW' | 'MEDIUM' | 'HIGH' };

interface Asking {
  readonly provider: string;
  readonly model: string;
  readonly thinking: Thinking | null;
}

/** Writes a request as the SDK takes it. Continuation and function calling by the SDK itself are off: one call is one request. */
export function toWire(
  request: ModelRequest,
  asking: Asking,
): Omit<GenerateContentParameters, 'config'> & { config: GenerateContentConfig } {
  const { system, messages, responseSchema, maxOutputTokens } = request;
  return {
    model: asking.model,
    contents: messages.map((message) => toContent(message, asking)),
    config: {
      systemInstruction: system,
      temperature: 0,
      maxOutputTokens,
      automaticContinuation: false,
      automaticFunctionCalling: { disable: true },
      ...toolsOf(request),
      ...(responseSchema === null
        ? {}
        : { responseMimeType: 'application/json', responseJsonSchema: responseSchema }),
      ...thinkingOf(asking.thinking),
    },
  };
}

function toolsOf({ tools, toolChoice }: ModelRequest): Partial<GenerateContentConfig> {
  if (tools.length === 0) return {};
  const functionDeclarations = tools.map(({ name, description, inputSchema }) => ({
    name,
    description,
    parametersJsonSchema: inputSchema,
  }));
  const functionCallingConfig =
    toolChoice === 'required'
      ? {
          mode: FunctionCallingConfigMode.ANY,
          allowedFunctionNames: tools.map(({ name }) => name),
        }
      : { mode: FunctionCallingConfigMode.AUTO };
  return { tools: [{ functionDeclarations }], toolConfig: { functionCallingConfig } };
}

function thinkingOf(thinking: Thinking | null): Partial<GenerateContentConfig> {
  if (thinking === null) return {};
  return {
    thinkingConfig:
      'level' in thinking
        ? { thinkingLevel: thinking.level as ThinkingLevel }
        : { thinkingBudget: thinking.budgetTokens },
  };
}

function toContent(message: ModelMessage, asking: Asking): Content {
  switch (message.role) {
    case 'user':
      return { role: 'user', parts: [{ text: message.text }] };
    case 'answers':
      return { role: 'user', parts: message.answers.map(toResponse) };
    case 'model':
      return toModelContent(message, asking);
  }
}

function toResponse({ id, name, ok, answer }: ModelAnswer): Part {
  return {
    functionResponse: {
      ...(id !== null && { id }),
      name,
      response: ok ? { output: answer } : { error: answer },
    },
  };
}

/** The turn as this very model sent it, signatures included; rebuilt from the neutral form where another one spoke. */
function toModelContent(
  { turn }: Extract<ModelMessage, { role: 'model' }>,
  { provider, model }: Asking,
): Content {
  const { native, text, calls } = turn;
  if (native !== null && native.provider === provider && native.model === model) {
    return native.content as Content;
  }
  const said: Part[] = text === '' ? [] : [{ text }];
  const called = calls.map(({ id, name, input }, index): Part => {
    const functionCall = { ...(id !== null && { id }), name, args: argumentsOf(input) };
    return { functionCall, ...(index === 0 && { thoughtSignature: foreignSignature }) };
  });
  return { role: 'model', parts: [...said, ...called] };
}

function argumentsOf(input: Json): Record<string, unknown> {
  return typeof input === 'object' && input !== null && !Array.isArray(input) ? input : {};
}
