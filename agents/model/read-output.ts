import type { ModelTurn } from '../../core/ports/model.ts';
import type { z } from '../../core/schemas/z.ts';
import { clip } from '../shared/clip.ts';
import type { DraftAnswer } from './draft.ts';
import type { Restore } from './hide-message.ts';
import { mapTexts } from './map-texts.ts';
import { concludeName } from './offer-tools.ts';
import { clipDeep, readJson } from './repair.ts';

/** Structured output that follows its schema, or what is wrong with it, in words for the model. */
export interface ReadOutput<Value> {
  readonly value: Value | null;
  readonly problem: string | null;
  readonly answers: readonly DraftAnswer[];
  readonly isRepaired: boolean;
  readonly refused: readonly string[];
}

const limits = { text: 300, list: 8 };

/** Reads an answer that was to be JSON of a schema, and puts names back into what was read; what is only too long is cut. A call, which nobody offered, is refused. */
export function readOutput<Value>(
  turn: Pick<ModelTurn, 'text' | 'calls'>,
  restore: Restore,
  schema: z.ZodType<Value>,
): ReadOutput<Value> {
  const base = {
    answers: [],
    refused: turn.calls.map(({ name }) => name).filter((name) => name !== concludeName),
  };
  const read = readJson(turn.text);
  if (read === undefined) {
    return { ...base, value: null, problem: 'Answer with JSON of the schema.', isRepaired: false };
  }
  const { isRepaired } = read;
  const said = mapTexts(read.value, restore);
  for (const candidate of [said, clipDeep(said, limits)]) {
    const parsed = schema.safeParse(candidate);
    if (parsed.success) return { ...base, value: parsed.data, problem: null, isRepaired };
  }
  const issue = schema.safeParse(said).error?.issues[0];
  const where = issue === undefined ? '' : `${issue.path.join('.')}: ${issue.message}`;
  return { ...base, value: null, problem: clip(where, 300), isRepaired };
}
