import { ownValue } from '../../own-value.ts';
import { isIpv6, kindOfForm, kindOfKey } from './identifier-kinds.ts';
import type { IdentifierKind } from './identifier-kinds.ts';

/** What stands for what: placeholder, without its angle brackets, to the identifier. */
export type Aliases = Readonly<Record<string, string>>;

export interface IdentifierMask {
  /** Replaces every identifier by its placeholder, the same one for the same identifier. */
  mask(text: string): string;
  /** Puts the identifiers back. What only looks like a placeholder stays as it is. */
  restore(text: string): string;
  aliases(): Aliases;
}

/** Finds stretches of a text, in their order, none overlapping: `start` is the place of the first character, `end` that after the last. */
export type FindMatches = (
  text: string,
) => readonly { readonly start: number; readonly end: number }[];

export interface MaskOptions {
  /** Names that are known to be identifiers, whatever their form. */
  readonly known: readonly { readonly kind: IdentifierKind; readonly name: string }[];
  /** Literal texts that a user wants hidden. */
  readonly terms: readonly string[];
  /** Whatever else a user wants hidden, by patterns. */
  readonly find: FindMatches;
  /** What earlier texts of the same conversation were masked with. */
  readonly aliases: Aliases;
}

const singleWord = /^[A-Za-z0-9._@-]*$/;
const placeholderForm = /<?([A-Z]+(?:_[A-Z]+)*_\d{1,6})>?/g;
const looksLikePlaceholder = /^[A-Z]+(?:_[A-Z]+)*_\d{1,6}$/;
/** Words that stand where a name could, and are none. */
const noNames: ReadonlySet<string> = new Set(['null', 'true', 'false', 'none', 'unknown', 'all']);
/** Between a key and its value. */
const joint = /^["'\\]{0,2}\s?[=:/]\s?["'\\[]{0,3}$/;

/**
 * Makes the mask of one conversation: identifiers of eight kinds, known names and a user's own terms and patterns become placeholders such as `<SERVICE_1>`, and back.
 * Restoring a masked text gives the text. Passes over words one by one, in time that grows with the text, the number of terms, and what `find` takes.
 */
export function createIdentifierMask(options: MaskOptions): IdentifierMask {
  const { known, terms, find, aliases } = options;
  const identifiers = new Map(Object.entries(aliases));
  const placeholders = new Map([...identifiers].map(([placeholder, text]) => [text, placeholder]));
  const kinds = new Map(known.map(({ kind, name }) => [name, kind]));
  const counts = new Map<string, number>();
  for (const placeholder of identifiers.keys()) {
    const [, name = '', digits = '0'] = /^(.*)_(\d+)$/.exec(placeholder) ?? [];
    counts.set(name, Math.max(counts.get(name) ?? 0, Number(digits)));
  }

  const aliasOf = (kind: IdentifierKind | 'term', text: string): string => {
    const before = placeholders.get(text);
    if (before !== undefined) return `<${before}>`;
    const name = kind.toUpperCase().replaceAll('-', '_');
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    const placeholder = `${name}_${count}`;
    identifiers.set(placeholder, text);
    placeholders.set(text, placeholder);
    return `<${placeholder}>`;
  };

  /** Names that are no single word, and a user's terms; longest first, so that no part of one is left. */
  const phrases = [
    ...terms.map((text) => ({ kind: 'term' as const, text })),
    ...known
      .filter(({ name }) => !singleWord.test(name))
      .map(({ kind, name }) => ({ kind, text: name })),
  ]
    .filter(({ text }) => text.length >= 2)
    .sort((one, other) => other.text.length - one.text.length);

  const maskWords = (text: string): string => {
    let masked = '';
    let before = '';
    let between = '';
    for (const { word, gap } of wordsOf(text)) {
      const keyed = joint.test(between) ? ownValue(kindOfKey, before.toLowerCase()) : undefined;
      masked += maskWord(word, keyed, kinds, aliasOf) + gap;
      if (word !== '') before = word;
      between = gap;
    }
    return masked;
  };

  return {
    mask: (text) => {
      const rest = (part: string): string => cutBy(phrases, part, aliasOf, maskWords);
      let masked = '';
      let done = 0;
      for (const { start, end } of find(text)) {
        masked += rest(text.slice(done, start)) + aliasOf('term', text.slice(start, end));
        done = end;
      }
      return masked + rest(text.slice(done));
    },
    restore: (text) =>
      text.replaceAll(placeholderForm, (whole, placeholder: string) => {
        const found = identifiers.get(placeholder);
        return found ?? whole;
      }),
    aliases: () => Object.fromEntries(identifiers),
  };
}

type AliasOf = (kind: IdentifierKind | 'term', text: string) => string;
interface Phrase {
  readonly kind: IdentifierKind | 'term';
  readonly text: string;
}

/** Replaces phrases, and hands what lies between them on. */
function cutBy(
  phrases: readonly Phrase[],
  text: string,
  aliasOf: AliasOf,
  rest: (text: string) => string,
): string {
  const [phrase, ...others] = phrases;
  if (phrase === undefined) return rest(text);
  const parts = text.split(phrase.text).map((part) => cutBy(others, part, aliasOf, rest));
  return parts.length === 1 ? parts.join('') : parts.join(aliasOf(phrase.kind, phrase.text));
}

function maskWord(
  word: string,
  keyed: IdentifierKind | undefined,
  kinds: ReadonlyMap<string, IdentifierKind>,
  aliasOf: AliasOf,
): string {
  if (word.includes(':')) return isIpv6(word) ? aliasOf('ip-address', word) : word;
  // What looks like one of ours has to come back as it was.
  if (looksLikePlaceholder.test(word)) return aliasOf('term', word);
  const core = trimmed(word);
  if (core === '') return word;
  const isName = keyed !== undefined && !noNames.has(core.toLowerCase()) && /[A-Za-z]/.test(core);
  const kind = kinds.get(core) ?? kindOfForm(core) ?? (isName ? keyed : null);
  if (kind !== null) return word.replace(core, () => aliasOf(kind, core));
  const name = nameAtStart(core, kinds);
  const known = kinds.get(name);
  return known === undefined ? word : word.replace(name, () => aliasOf(known, name));
}

/** No name that is looked for within a word is longer. */
const longestName = 120;

/** The longest known name with which a word begins, up to a hyphen: revisions and instances are called after their service. Empty where there is none. */
function nameAtStart(core: string, kinds: ReadonlyMap<string, IdentifierKind>): string {
  let found = '';
  let end = core.indexOf('-');
  while (end > 0 && end <= longestName) {
    const start = core.slice(0, end);
    if (kinds.has(start)) found = start;
    end = core.indexOf('-', end + 1);
  }
  return found;
}

/** A full stop ends a sentence rather than a name. */
function trimmed(word: string): string {
  let start = 0;
  let end = word.length;
  while (start < end && '.-@'.includes(word.charAt(start))) start += 1;
  while (end > start && '.-@'.includes(word.charAt(end - 1))) end -= 1;
  return word.slice(start, end);
}

/** Cuts a text into words and what follows each; what is hexadecimal with colons stays one word. */
function* wordsOf(text: string): Generator<{ readonly word: string; readonly gap: string }> {
  const form = /([\dA-Fa-f]{0,4}(?::[\dA-Fa-f]{0,4}){2,7}|[A-Za-z0-9._@-]+)?([^A-Za-z0-9._@-]*)/y;
  while (form.lastIndex < text.length) {
    const start = form.lastIndex;
    const found = form.exec(text);
    if (found === null || form.lastIndex === start) {
      form.lastIndex = start + 1;
      yield { word: '', gap: text.charAt(start) };
    } else {
      yield { word: found[1] ?? '', gap: found[2] ?? '' };
    }
  }
}
