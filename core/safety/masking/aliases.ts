import type { IdentifierKind } from './identifier-kinds.ts';

/** What stands for what: placeholder, without its angle brackets, to the identifier. */
export type Aliases = Readonly<Record<string, string>>;

export type AliasOf = (kind: IdentifierKind | 'term', text: string) => string;

export interface AliasBook {
  /** Gives what stands for a text, with its angle brackets: the same for the same text. */
  readonly aliasOf: AliasOf;
  readonly restore: (text: string) => string;
  readonly aliases: () => Aliases;
}

/** Whatever could be taken for a placeholder, whether one of the conversation or not. */
export const placeholderForm =
  /<?((?:POD|NAMESPACE|CLUSTER|HOSTNAME|ACCOUNT_ID|IP_ADDRESS|EMAIL|SERVICE|TERM)_\d{1,6}[A-Z]?)>?/g;
const spellingLetters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';

/**
 * Opens the book of what stands for what in one conversation. A text that differs from an earlier one in case alone has the earlier one's placeholder with a letter,
 * `<SERVICE_1B>`: it comes back as it was written, and a model can still tell that the two are one.
 */
export function openAliasBook(before: Aliases): AliasBook {
  const texts = new Map(Object.entries(before));
  const placeholders = new Map([...texts].map(([placeholder, text]) => [text, placeholder]));
  const counts = new Map<string, number>();
  /** The first spelling of a text, by the text in lower case, and how many spellings it has. */
  const firsts = new Map<string, string>();
  const spellings = new Map<string, number>();
  const raise = (most: Map<string, number>, name: string, count: number): void => {
    most.set(name, Math.max(most.get(name) ?? 0, count));
  };
  for (const [placeholder, text] of texts) {
    const [, first = '', name = '', digits = '0', letter = ''] =
      /^((.*)_(\d+))([A-Z]?)$/.exec(placeholder) ?? [];
    raise(counts, name, Number(digits));
    if (letter === '') firsts.set(text.toLowerCase(), first);
    raise(spellings, first, spellingLetters.indexOf(letter === '' ? 'A' : letter) + 1);
  }

  const respelled = (text: string): string | null => {
    const first = firsts.get(text.toLowerCase());
    const count = spellings.get(first ?? '') ?? 0;
    if (first === undefined || count >= spellingLetters.length) return null;
    spellings.set(first, count + 1);
    return `${first}${spellingLetters.charAt(count)}`;
  };
  const numbered = (kind: IdentifierKind | 'term', text: string): string => {
    const name = kind.toUpperCase().replaceAll('-', '_');
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    firsts.set(text.toLowerCase(), `${name}_${count}`);
    spellings.set(`${name}_${count}`, 1);
    return `${name}_${count}`;
  };

  return {
    aliasOf: (kind, text) => {
      const known = placeholders.get(text);
      if (known !== undefined) return `<${known}>`;
      const placeholder = respelled(text) ?? numbered(kind, text);
      texts.set(placeholder, text);
      placeholders.set(text, placeholder);
      return `<${placeholder}>`;
    },
    restore: (text) =>
      text.replaceAll(
        placeholderForm,
        (whole, placeholder: string) => texts.get(placeholder) ?? whole,
      ),
    aliases: () => Object.fromEntries(texts),
  };
}
