const maxLength = 4_000;
const identifier = /[A-Za-z_][A-Za-z0-9_]{0,80}/g;
const parts = /[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+/g;

/** The identifiers of a text, as they are written, in order. */
export function identifiersOf(text: string): readonly string[] {
  return text.slice(0, maxLength).match(identifier) ?? [];
}

/** The words of a text in lower case, in order: identifiers are split by case and punctuation, letters from digits. */
export function splitWords(text: string): readonly string[] {
  return (text.slice(0, maxLength).match(parts) ?? []).map((word) => word.toLowerCase());
}

/** Puts what stands in a change or in telemetry between quotes, on one line, cut to `max` characters. */
export function quoted(text: string, max: number): string {
  return `“${text
    .replaceAll(/[“”\s]+/g, ' ')
    .trim()
    .slice(0, max)}”`;
}

/** Tells whether an identifier is one that nobody writes by chance: of several words, or with an underscore. */
export function isCompound(name: string): boolean {
  return name.length >= 6 && splitWords(name).filter((word) => word.length > 1).length >= 2;
}
