import type { Content, GenerateContentResponse, Part } from '@google/genai';
import type { Json, ModelCall, ModelTurn, ModelUsage } from '../../core/ports/model.ts';
import { AppError } from '../../core/errors.ts';

type Provided = Pick<GenerateContentResponse, 'candidates' | 'promptFeedback' | 'usageMetadata'>;

const refusals: ReadonlySet<string> = new Set([
  'SAFETY',
  'RECITATION',
  'BLOCKLIST',
  'PROHIBITED_CONTENT',
  'SPII',
]);
const unreadable: ReadonlySet<string> = new Set([
  'MALFORMED_FUNCTION_CALL',
  'UNEXPECTED_TOOL_CALL',
  'TOO_MANY_TOOL_CALLS',
]);

/** Reads what came, in one piece or in many: parts in order, thoughts left out of the text, the native content kept as it was. */
export function fromWire(
  chunks: readonly Provided[],
  { provider, model }: { readonly provider: string; readonly model: string },
): ModelTurn {
  const blocked = chunks.find(({ promptFeedback }) => promptFeedback?.blockReason !== undefined);
  const candidates = chunks.flatMap((chunk) => chunk.candidates?.[0] ?? []);
  if (blocked === undefined && candidates.length === 0) {
    throw new AppError('model-output.schema', `${model} answered without a candidate`);
  }
  const reason =
    blocked?.promptFeedback?.blockReason ??
    candidates.findLast(({ finishReason }) => finishReason !== undefined)?.finishReason ??
    'none';
  const parts = joinParts(candidates.flatMap(({ content }) => content?.parts ?? []));
  const content: Content = { role: 'model', parts };
  return {
    text: parts.flatMap(({ text, thought }) => (thought === true ? [] : (text ?? []))).join(''),
    calls: parts.flatMap(callOf),
    native: parts.length === 0 ? null : { provider, model, content: toJson(content) },
    finish: blocked === undefined ? finishOf(reason) : 'refused',
    finishReason: reason,
    usage: usageOf(chunks),
  };
}

/** Texts that came in pieces are joined; a piece with a signature stands alone, since the signature is for the part it came with. */
function joinParts(parts: readonly Part[]): Part[] {
  const joined: Part[] = [];
  for (const part of parts) {
    const last = joined.at(-1);
    const isMore =
      last?.text !== undefined &&
      part.text !== undefined &&
      last.thought === part.thought &&
      last.thoughtSignature === undefined &&
      part.thoughtSignature === undefined;
    if (isMore) joined[joined.length - 1] = { ...last, text: `${last.text}${part.text}` };
    else joined.push(part);
  }
  return joined;
}

function callOf({ functionCall }: Part): ModelCall[] {
  if (functionCall === undefined) return [];
  const { id, name, args } = functionCall;
  return [{ id: id ?? null, name: name ?? '', input: toJson(args ?? {}) }];
}

function finishOf(reason: string): ModelTurn['finish'] {
  if (reason === 'STOP') return 'stop';
  if (reason === 'MAX_TOKENS') return 'length';
  if (refusals.has(reason)) return 'refused';
  return unreadable.has(reason) ? 'malformed' : 'other';
}

/** The last piece of a stream says what all of it took; null where none does. */
function usageOf(chunks: readonly Provided[]): ModelUsage | null {
  const usage = chunks.findLast(({ usageMetadata }) => usageMetadata !== undefined)?.usageMetadata;
  if (usage === undefined) return null;
  return {
    inputTokens: (usage.promptTokenCount ?? 0) + (usage.toolUsePromptTokenCount ?? 0),
    cachedTokens: usage.cachedContentTokenCount ?? 0,
    outputTokens: (usage.candidatesTokenCount ?? 0) + (usage.thoughtsTokenCount ?? 0),
  };
}

function toJson(value: unknown): Json {
  return JSON.parse(JSON.stringify(value)) as Json;
}
