/**
 * Control characters, line and paragraph separators, and all that is drawn as nothing or changes the direction of what follows: zero-width
 * and bidirectional marks, tags, variation selectors, lone surrogates.
 */
const hidden = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;

/** A character that a person would not see, and where it stands: `$.rationale`. */
export interface HiddenCharacter {
  readonly path: string;
  /** As `U+202E`. */
  readonly codePoint: string;
}

/**
 * Finds the first character that would not show what it is, in any text of a JSON value, names of members included; null when there is none.
 * What people approve must contain none: they would decide on something other than what they read.
 */
export function findHiddenCharacter(value: unknown, path = '$'): HiddenCharacter | null {
  if (typeof value === 'string') return inText(value, path);
  if (typeof value !== 'object' || value === null) return null;
  for (const [name, member] of Object.entries(value)) {
    const at = Array.isArray(value) ? `${path}[${name}]` : `${path}.${escapeHidden(name)}`;
    const found = inText(name, at) ?? findHiddenCharacter(member, at);
    if (found !== null) return found;
  }
  return null;
}

function inText(text: string, path: string): HiddenCharacter | null {
  const [character] = hidden.exec(text) ?? [];
  return character === undefined ? null : { path, codePoint: nameOf(character) };
}

function escapeHidden(text: string): string {
  return Array.from(text, (one) => (hidden.test(one) ? `<${nameOf(one)}>` : one)).join('');
}

function nameOf(character: string): string {
  const hex = (character.codePointAt(0) ?? 0).toString(16).toUpperCase();
  return `U+${hex.padStart(4, '0')}`;
}
