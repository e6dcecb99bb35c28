import { openAliasBook, placeholderForm } from './aliases.ts';
import type { Aliases } from './aliases.ts';
import { createNameFinder } from './find-names.ts';
import type { FoundName, Sought } from './find-names.ts';
import type { IdentifierKind } from './identifier-kinds.ts';
import { maskWords, replaceFound } from './mask-words.ts';

export interface IdentifierMask {
  /**
   * Replaces every identifier by its placeholder, the same one for the same identifier. `key` names the field of which the text is the value, for one that is masked
   * apart from it.
   */
  mask(text: string, key?: string): string;
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

const leastLength = 2;

/**
 * Makes the mask of one conversation: identifiers of eight kinds, known names and a user's own terms and patterns become placeholders such as `<SERVICE_1>`, and back.
 * Names and terms are hidden in upper and lower case alike. Restoring a masked text gives the text. Takes time that grows with the text, with the longest name, and with what `find` takes.
 */
export function createIdentifierMask(options: MaskOptions): IdentifierMask {
  const { terms, find } = options;
  const { aliasOf, restore, aliases } = openAliasBook(options.aliases);
  const known = options.known.filter(({ name }) => name.length >= leastLength);
  const words = known.filter(({ name }) => isWord(name));
  const others = known.filter(({ name }) => !isWord(name));
  const wordKinds = new Map(words.map(({ kind, name }) => [name.toLowerCase(), kind]));
  const knownWords = {
    kinds: wordKinds,
    find: createNameFinder(words.map(({ kind, name }) => sought(kind, name, false))),
    aliasOf,
  };
  /** Names that are no single word, and a user's terms. */
  const findPhrases = createNameFinder<IdentifierKind | 'term'>([
    ...terms
      .filter(({ length }) => length >= leastLength)
      .map((text) => sought('term' as const, text, true)),
    ...others.map(({ kind, name }) => sought(kind, name, true)),
  ]);
  // What looks like one of ours has to come back as it was; a user's patterns come before all.
  const stages: ((text: string) => readonly FoundName<IdentifierKind | 'term'>[])[] = [
    (text) => find(text).map((match) => ({ ...match, tag: 'term' })),
    (text) =>
      [...text.matchAll(placeholderForm)].map(({ index, 0: { length } }) => ({
        ...{ start: index, end: index + length, tag: 'term' },
      })),
    findPhrases,
  ];
  const maskFrom = (stage: number, text: string, key: string): string => {
    const search = stages[stage];
    if (search === undefined) return maskWords(text, key, knownWords);
    return replaceFound(text, search(text), aliasOf, (part, start) =>
      maskFrom(stage + 1, part, start === 0 ? key : ''),
    );
  };
  return { mask: (text, key = '') => maskFrom(0, text, key), restore, aliases };
}

/** Any other name has no borders by which it could be told from what stands around it. */
function isWord(name: string): boolean {
  return /^[A-Za-z0-9._@-]*$/.test(name) && /[A-Za-z0-9]/.test(name);
}

function sought<Tag>(tag: Tag, text: string, isLoose: boolean): Sought<Tag> {
  return { text, tag, isLoose };
}
