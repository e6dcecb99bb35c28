import { anyOf, digit, joiner, kindOf, kinds, letter, space } from './characters.ts';
import { codeAt, codesOf, startsAt, wordAt } from './line-codes.ts';
import type { LineCodes } from './line-codes.ts';
import { MaskedText } from './masked-text.ts';
import { endOfAddress, endOfHexadecimal, endOfPath, endOfUrl } from './find-address.ts';

/** Stands for whatever varies from line to line. */
export const wildcard = '<*>';

/** A blank and the wildcard. */
const wildcardCodes = Uint16Array.from(` ${wildcard}`, (one) => one.charCodeAt(0));
const masked = new MaskedText();
const maxFields = 64;
const slash = 47;
const hyphen = 45;
const colon = 58;
const comma = 44;
const blank = 32;

/** After these a value may begin. */
const opensValue = anyOf(' \t=:([{"\',<>@/}');
/** Two values with one of these between them are one: a date, a version, an address. */
const joinsValues = anyOf('.:-/+');
const signs = anyOf('-<>~');
const leadsToAddress = anyOf('.-/');

/** Words that stand for a value wherever they occur. */
const constants = new Set('true false null nil True False TRUE FALSE NULL root admin'.split(' '));
const beginsConstant = anyOf([...constants].map((word) => word.at(0)).join(''));
const endsConstant = anyOf([...constants].map((word) => word.at(-1)).join(''));

/**
 * Replaces what varies in a log line by `<*>` and its white space by single spaces: numbers with sign and unit, dates, addresses, URLs, paths, hexadecimal values, words with
 * digits that identify something, truth values. Short words that end in a digit or two stay (`eth0`, `L2`): whether they vary, other lines tell. At
 * most 64 fields are kept; a longer line ends in `<*>`. One pass by hand, in linear time on any input: no pattern that could backtrack ever meets a foreign line.
 */
export function maskLine(text: string): string {
  const codes = codesOf(text);
  const { length } = text;
  masked.begin(3 * length + 4);
  let copied = endOfSpace(codes, 0, length);
  let valueEnd = -1;
  let fields = 1;
  let index = copied;
  while (index < length) {
    const code = codeAt(codes, index);
    const kind = kinds[code] ?? space;
    if (kind === space) {
      const end = endOfSpace(codes, index, length);
      if (end >= length || fields === maxFields) {
        masked.copy(codes, copied, index);
        if (end < length) masked.copy(wildcardCodes, 0, 4);
        return masked.text();
      }
      if (end - index > 1 || code !== blank) {
        masked.copy(codes, copied, index);
        masked.copy(wildcardCodes, 0, 1);
        copied = end;
      }
      fields += 1;
      index = end;
      continue;
    }
    const end = readAt(codes, index, kind);
    if (end < 0) {
      index = -end;
      continue;
    }
    if (!isJoined(codes, valueEnd, index)) {
      masked.copy(codes, copied, index);
      masked.copy(wildcardCodes, 1, 4);
    }
    copied = end;
    valueEnd = end;
    index = end;
  }
  masked.copy(codes, copied, length);
  return masked.text();
}

/** Reads what starts here, which is no space: the end of a value, or minus the end of what is none. */
function readAt(codes: LineCodes, index: number, kind: number): number {
  if (kind >= digit) return readWord(codes, index);
  const code = codeAt(codes, index);
  const next = kindOf(codeAt(codes, index + 1));
  const isPath = code === slash && (next >= digit || codeAt(codes, index + 1) === 46);
  const isSigned = next === digit && signs(code);
  if ((!isPath && !isSigned) || !isOpen(codes, index)) return -(index + 1);
  if (isSigned) return endOfWord(codes, index + 1);
  const end = endOfPath(codes, index);
  return isRoute(codes, index, end) ? -end : endOfProtocol(codes, end);
}

/** Whether a path is one segment of letters: which part of a service was asked for, rather than which thing. */
function isRoute(codes: LineCodes, start: number, end: number): boolean {
  for (let index = start + 1; index < end; index += 1) {
    const code = codeAt(codes, index);
    if (kinds[code] !== letter && code !== hyphen) return false;
  }
  return true;
}

const isOpen = (codes: LineCodes, index: number): boolean =>
  index === 0 || opensValue(codeAt(codes, index - 1));

/** The end of the protocol that follows the path of a request, or of the path when none does. */
function endOfProtocol(codes: LineCodes, pathEnd: number): number {
  if (!startsAt(codes, pathEnd, ' HTTP/')) return pathEnd;
  let end = pathEnd + 6;
  while (kindOf(codeAt(codes, end)) === digit || codeAt(codes, end) === 46) end += 1;
  return end;
}

/** Reads a word: most are letters up to the next blank. */
function readWord(codes: LineCodes, start: number): number {
  let end = start;
  while (kinds[codeAt(codes, end)] === letter) end += 1;
  if (codeAt(codes, end) !== blank) return readMixed(codes, start, end);
  return isConstant(codes, start, end) ? end : -end;
}

function isConstant(codes: LineCodes, start: number, end: number): boolean {
  const mayBe = beginsConstant(codeAt(codes, start)) && endsConstant(codeAt(codes, end - 1));
  if (!mayBe || end - start > 5 || !isOpen(codes, start)) return false;
  return constants.has(wordAt(codes, start, end));
}

/**
 * Reads on in a word that goes on after its letters. With digits it is a value when it begins with one, has three and more, or two groups of them, or one
 * after `_`.
 */
function readMixed(codes: LineCodes, start: number, lettersEnd: number): number {
  let end = lettersEnd;
  let digits = 0;
  let runs = 0;
  let isNumbered = false;
  let before = lettersEnd > start ? letter : space;
  for (; ; end += 1) {
    const code = codeAt(codes, end);
    let kind = kinds[code] ?? space;
    // The number in `blk_-16` may be negative.
    const isSign = code === hyphen && before === joiner;
    if (isSign && kindOf(codeAt(codes, end + 1)) === digit) kind = joiner;
    if (kind < digit) break;
    if (kind === digit) {
      digits += 1;
      if (before !== digit) runs += 1;
      if (before === joiner) isNumbered = true;
    }
    before = kind;
  }
  const special = endOfSpecial(codes, start, end);
  if (special > 0) return special;
  const startsWithDigit = kindOf(codeAt(codes, start)) === digit;
  const isValue =
    digits > 0
      ? startsWithDigit || isNumbered || digits > 2 || runs > 1
      : isConstant(codes, start, end);
  return isValue ? end : -end;
}

/** The end of an address and the like whose first word is this; -1 when it is none. */
function endOfSpecial(codes: LineCodes, start: number, wordEnd: number): number {
  const next = codeAt(codes, wordEnd);
  if (next !== colon && !leadsToAddress(next)) return -1;
  if (next === colon || next === hyphen) {
    const hexadecimal = endOfHexadecimal(codes, start, wordEnd);
    if (hexadecimal > 0) return hexadecimal;
  }
  if (!isOpen(codes, start)) return -1;
  if (next === colon) return endOfUrl(codes, start, wordEnd);
  const after = codeAt(codes, wordEnd + 1);
  return after === hyphen || kindOf(after) >= digit ? endOfAddress(codes, start) : -1;
}

function endOfWord(codes: LineCodes, start: number): number {
  let end = start;
  while (kindOf(codeAt(codes, end)) >= digit) end += 1;
  return end;
}

/** The end of white space; unlike other characters, what lies beyond the text does not count as such. */
function endOfSpace(codes: LineCodes, start: number, length: number): number {
  let end = start;
  while (end < length && kinds[codeAt(codes, end)] === space) end += 1;
  return end;
}

/** Whether a value belongs to the one before it. A comma joins groups of three digits only. */
function isJoined(codes: LineCodes, valueEnd: number, start: number): boolean {
  if (valueEnd < 0 || start - valueEnd > 1) return false;
  if (start === valueEnd) return true;
  const between = codeAt(codes, valueEnd);
  if (joinsValues(between)) return true;
  return between === comma && endOfWord(codes, start) - start === 3 && isShort(codes, valueEnd);
}

/** Whether what ends here is a number of at most three digits. */
function isShort(codes: LineCodes, end: number): boolean {
  let start = end;
  while (end - start < 4 && kindOf(codeAt(codes, start - 1)) === digit) start -= 1;
  return end - start > 0 && end - start < 4;
}
