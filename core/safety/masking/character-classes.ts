/** Sets of characters as bits, so that one look into a table tells whether a character belongs to any of several. */
export const digit = 1;
export const upper = 2;
export const lower = 4;
export const underscore = 8;
export const hyphen = 16;
export const dot = 32;
/** What standard Base64 has besides letters and digits. */
export const base64Sign = 64;
export const tilde = 128;

export const word = digit | upper | lower;

const classes = new Uint8Array(128);
const mark = (characters: string, bit: number): void => {
  for (const character of characters) classes[character.charCodeAt(0)] = bit;
};
mark('0123456789', digit);
mark('ABCDEFGHIJKLMNOPQRSTUVWXYZ', upper);
mark('abcdefghijklmnopqrstuvwxyz', lower);
mark('_', underscore);
mark('-', hyphen);
mark('.', dot);
mark('+/=', base64Sign);
mark('~', tilde);

/** The class of a UTF-16 code; 0 for what is in none, also for NaN. */
export function classOf(code: number): number {
  return code < 128 ? (classes[code] ?? 0) : 0;
}

/** Where the run of characters of these classes ends that begins at `start`; at `limit` at the latest. */
export function endOfRun(text: string, start: number, bits: number, limit = text.length): number {
  let end = start;
  while (end < limit && (classOf(text.charCodeAt(end)) & bits) !== 0) end += 1;
  return end;
}

const isBlank = (code: number): boolean => code === 32 || code === 9;

/** Where at most `most` spaces and tabs from `start` on end. */
export function afterBlanks(text: string, start: number, most = 4): number {
  let end = start;
  while (end < start + most && isBlank(text.charCodeAt(end))) end += 1;
  return end;
}

/** How much of a text is looked at to see whether it was made by chance. */
const longestLook = 200;

/** Tells whether a piece of text looks as if made by chance: 8 or more characters with digits, or capitals amid small letters. */
export function looksRandom(text: string, start: number, end: number): boolean {
  if (end - start < 8) return false;
  let seen = 0;
  const limit = Math.min(end, start + longestLook);
  for (let index = start; index < limit; index += 1) {
    const found = classOf(text.charCodeAt(index));
    seen |= index === start && found === upper ? 0 : found;
  }
  return (seen & digit) !== 0 || ((seen & upper) !== 0 && (seen & lower) !== 0);
}
