import { ownValue } from '../../own-value.ts';
import type { AliasOf } from './aliases.ts';
import type { FoundName } from './find-names.ts';
import { isIpv6, kindOfForm, kindOfKey } from './identifier-kinds.ts';
import type { IdentifierKind } from './identifier-kinds.ts';

/** What is known of names that are one word each. */
export interface KnownWords {
  /** By the name in lower case. */
  readonly kinds: ReadonlyMap<string, IdentifierKind>;
  readonly find: (text: string) => readonly FoundName<IdentifierKind>[];
  readonly aliasOf: AliasOf;
}

/** Words that stand where a name could, and are none. */
const noNames: ReadonlySet<string> = new Set(['null', 'true', 'false', 'none', 'unknown', 'all']);
/** Between a key and its value. */
const joint = /^["'\\]{0,2}\s?[=:/]\s?["'\\[]{0,3}$/;

/**
 * Masks a text word by word: a word that is a known name, has the form of an identifier or follows a key is masked whole, of any other the known names that are parts of it. `key` is what the
 * text as a whole is the value of, empty where there is none.
 */
export function maskWords(text: string, key: string, known: KnownWords): string {
  let masked = '';
  let before = key;
  let between = key === '' ? '' : '=';
  for (const { word, gap } of wordsOf(text)) {
    const keyed = joint.test(between) ? ownValue(kindOfKey, before.toLowerCase()) : undefined;
    masked += maskWord(word, keyed, known) + gap;
    if (word !== '') before = word;
    between = gap;
  }
  return masked;
}

/** Puts aliases in the place of what was found, and hands what lies between on, with its place in the text. */
export function replaceFound<Tag>(
  text: string,
  found: readonly FoundName<Tag>[],
  alias: (tag: Tag, text: string) => string,
  rest: (text: string, start: number) => string,
): string {
  let replaced = '';
  let done = 0;
  for (const { start, end, tag } of found) {
    if (start > done) replaced += rest(text.slice(done, start), done);
    replaced += alias(tag, text.slice(start, end));
    done = end;
  }
  return done < text.length ? replaced + rest(text.slice(done), done) : replaced;
}

function maskWord(word: string, keyed: IdentifierKind | undefined, known: KnownWords): string {
  const { kinds, find, aliasOf } = known;
  const byParts = (): string => replaceFound(word, find(word), aliasOf, (part) => part);
  if (word.includes(':')) return isIpv6(word) ? aliasOf('ip-address', word) : byParts();
  const core = trimmed(word);
  if (core === '') return word;
  const isName = keyed !== undefined && !noNames.has(core.toLowerCase()) && /[A-Za-z]/.test(core);
  const kind = kinds.get(core.toLowerCase()) ?? kindOfForm(core) ?? (isName ? keyed : null);
  return kind === null ? byParts() : word.replace(core, () => aliasOf(kind, core));
}

/** A full stop ends a sentence rather than a name. */
function trimmed(word: string): string {
  let start = 0;
  let end = word.length;
  while (start < end && '.-@'.includes(word.charAt(start))) start += 1;
  while (end > start && '.-@'.includes(word.charAt(end - 1))) end -= 1;
  return word.slice(start, end);
}

/** Cuts a text into words and what follows each; what is hexadecimal with colons stays one word, unless it ends within another. */
function* wordsOf(text: string): Generator<{ readonly word: string; readonly gap: string }> {
  const form =
    /([\dA-Fa-f]{0,4}(?::[\dA-Fa-f]{0,4}){2,7}(?![A-Za-z0-9_@])|[A-Za-z0-9._@-]+)?([^A-Za-z0-9._@-]*)/y;
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
