import type { ModelAnswer, ModelTurn } from '../../core/ports/model.ts';
import type { z } from '../../core/schemas/z.ts';
import { clip } from '../shared/clip.ts';
import { concludeName } from './offer-tools.ts';
import { clipDeep, readJson } from './repair.ts';

/** Structured output that follows its schema, or what is wrong with it, in words for the model. */
export interface ReadOutput<Value> {
  readonly value: Value | null;
  readonly problem: string | null;
  readonly answers: readonly ModelAnswer[];
  readonly isRepaired: boolean;
  readonly refused: readonly string[];
}

const limits = { text: 300, list: 8 };

/** Reads an answer that was to be JSON of a schema; what is only too long is cut. A call, which nobody offered, is refused. */
export function readOutput<Value>(turn: ModelTurn, schema: z.ZodType<Value>): ReadOutput<Value> {
  const base = {
    answers: [],
    refused: turn.calls.map(({ name }) => name).filter((name) => name !== concludeName),
  };
  const read = readJson(turn.text);
  if (read === undefined) {
    return { ...base, value: null, problem: 'Answer with JSON of the schema.', isRepaired: false };
  }
  const { isRepaired } = read;
  for (const candidate of [read.value, clipDeep(read.value, limits)]) {
    const parsed = schema.safeParse(candidate);
    if (parsed.success) return { ...base, value: parsed.data, problem: null, isRepaired };
  }
  const issue = schema.safeParse(read.value).error?.issues[0];
  const where = issue === undefined ? '' : `${issue.path.join('.')}: ${issue.message}`;
  return { ...base, value: null, problem: clip(where, 300), isRepaired };
}
