import type { Json, ModelAnswer } from '../../core/ports/model.ts';

/**
 * A text for a model in which nothing is hidden yet: words, and values that will stand in it as JSON. They are kept apart because a name or a pattern is looked for in a
 * value as it is, not as JSON escapes it.
 */
export type Draft = readonly (string | { readonly value: Json })[];

export type DraftAnswer = Omit<ModelAnswer, 'answer'> & { readonly answer: Draft };

/** What a model is to be told, before anything in it is hidden. */
export type DraftMessage =
  | { readonly role: 'user'; readonly text: Draft }
  | { readonly role: 'answers'; readonly answers: readonly DraftAnswer[] };

/** A value that is to be written down as JSON. */
export function asJson(value: Json): Draft {
  return [{ value }];
}

/** Writes a draft as a template: what stands in it may be words or a draft of its own. */
export function draft(
  words: TemplateStringsArray,
  ...between: readonly (string | number | Draft)[]
): Draft {
  return words.flatMap((word, index): Draft => {
    const next = between[index];
    if (next === undefined) return [word];
    return [word, ...(typeof next === 'object' ? next : [String(next)])];
  });
}

/** Joins drafts and words as `join` does. */
export function joinDrafts(parts: readonly (string | Draft)[], separator: string): Draft {
  return parts.flatMap((part, index): Draft => {
    const written = typeof part === 'string' ? [part] : part;
    return index === 0 ? written : [separator, ...written];
  });
}
