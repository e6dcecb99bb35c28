/** The character codes of a line, with blanks behind it: reading on past its end costs no more than within it. Valid until the next line is read. */
export type LineCodes = Uint16Array;

const blank = 32;
/** So far do readers look ahead. */
const lookAhead = 4;
let scratch = new Uint16Array(4_096).fill(blank);

/** Reads a line's codes into memory that is used again for every line: a look at an array costs a fraction of one into a text that is a piece of another. */
export function codesOf(text: string): LineCodes {
  const { length } = text;
  if (length + lookAhead > scratch.length) scratch = new Uint16Array(2 * length + lookAhead);
  for (let index = 0; index < length; index += 1) scratch[index] = text.charCodeAt(index);
  for (let index = 0; index < lookAhead; index += 1) scratch[length + index] = blank;
  return scratch;
}

export const codeAt = (codes: LineCodes, index: number): number => codes[index] ?? blank;

export function wordAt(codes: LineCodes, start: number, end: number): string {
  let word = '';
  for (let index = start; index < end; index += 1)
    word += String.fromCharCode(codeAt(codes, index));
  return word;
}

export function startsAt(codes: LineCodes, start: number, word: string): boolean {
  for (let index = 0; index < word.length; index += 1) {
    if (codes[start + index] !== word.charCodeAt(index)) return false;
  }
  return true;
}
