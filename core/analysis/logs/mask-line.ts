import { anyOf, digit, joiner, kindOf, kinds, letter, space } from './characters.ts';
import { endOfAddress, endOfHexadecimal, endOfPath, endOfUrl } from './find-address.ts';

/** Stands for whatever varies from line to line. */
export const wildcard = '<*>';

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
  let masked = '';
  let copied = endOfSpace(text, 0);
  let valueEnd = -1;
  let fields = 1;
  let index = copied;
  while (index < text.length) {
    const code = text.charCodeAt(index);
    const kind = kinds[code] ?? space;
    if (kind === space) {
      const end = endOfSpace(text, index);
      if (end >= text.length || fields === maxFields) {
        masked += text.slice(copied, index) + (end < text.length ? ` ${wildcard}` : '');
        return masked;
      }
      if (end - index > 1 || code !== blank) {
        masked += `${text.slice(copied, index)} `;
        copied = end;
      }
      fields += 1;
      index = end;
      continue;
    }
    const end = readAt(text, index, kind);
    if (end < 0) {
      index = -end;
      continue;
    }
    if (!isJoined(text, valueEnd, index)) masked += text.slice(copied, index) + wildcard;
    copied = end;
    valueEnd = end;
    index = end;
  }
  return masked + text.slice(copied);
}

/** Reads what starts here, which is no space: the end of a value, or minus the end of what is none. */
function readAt(text: string, index: number, kind: number): number {
  if (kind >= digit) return readWord(text, index);
  const code = text.charCodeAt(index);
  const next = kindOf(text.charCodeAt(index + 1));
  const isPath = code === slash && (next >= digit || text.charCodeAt(index + 1) === 46);
  const isSigned = next === digit && signs(code);
  if ((!isPath && !isSigned) || !isOpen(text, index)) return -(index + 1);
  if (isSigned) return endOfWord(text, index + 1);
  const end = endOfPath(text, index);
  return isRoute(text, index, end) ? -end : endOfProtocol(text, end);
}

/** Whether a path is one segment of letters: which part of a service was asked for, rather than which thing. */
function isRoute(text: string, start: number, end: number): boolean {
  for (let index = start + 1; index < end; index += 1) {
    const code = text.charCodeAt(index);
    if (kinds[code] !== letter && code !== hyphen) return false;
  }
  return true;
}

const isOpen = (text: string, index: number): boolean =>
  index === 0 || opensValue(text.charCodeAt(index - 1));

/** The end of the protocol that follows the path of a request, or of the path when none does. */
function endOfProtocol(text: string, pathEnd: number): number {
  if (!text.startsWith(' HTTP/', pathEnd)) return pathEnd;
  let end = pathEnd + 6;
  while (kindOf(text.charCodeAt(end)) === digit || text.charCodeAt(end) === 46) end += 1;
  return end;
}

/** Reads a word: most are letters up to the next blank. */
function readWord(text: string, start: number): number {
  let end = start;
  while (end < text.length && kinds[text.charCodeAt(end)] === letter) end += 1;
  if (end < text.length && text.charCodeAt(end) !== blank) return readMixed(text, start, end);
  return isConstant(text, start, end) ? end : -end;
}

function isConstant(text: string, start: number, end: number): boolean {
  const mayBe = beginsConstant(text.charCodeAt(start)) && endsConstant(text.charCodeAt(end - 1));
  if (!mayBe || end - start > 5 || !isOpen(text, start)) return false;
  return constants.has(text.slice(start, end));
}

/**
 * Reads on in a word that goes on after its letters. With digits it is a value when it begins with one, has three and more, or two groups of them, or one
 * after `_`.
 */
function readMixed(text: string, start: number, lettersEnd: number): number {
  let end = lettersEnd;
  let digits = 0;
  let runs = 0;
  let isNumbered = false;
  let before = lettersEnd > start ? letter : space;
  for (; end < text.length; end += 1) {
    const code = text.charCodeAt(end);
    let kind = kinds[code] ?? space;
    // The number in `blk_-16` may be negative.
    const isSign = code === hyphen && before === joiner;
    if (isSign && kindOf(text.charCodeAt(end + 1)) === digit) kind = joiner;
    if (kind < digit) break;
    if (kind === digit) {
      digits += 1;
      if (before !== digit) runs += 1;
      if (before === joiner) isNumbered = true;
    }
    before = kind;
  }
  const special = endOfSpecial(text, start, end);
  if (special > 0) return special;
  const startsWithDigit = kindOf(text.charCodeAt(start)) === digit;
  const isValue =
    digits > 0
      ? startsWithDigit || isNumbered || digits > 2 || runs > 1
      : isConstant(text, start, end);
  return isValue ? end : -end;
}

/** The end of an address and the like whose first word is this; -1 when it is none. */
function endOfSpecial(text: string, start: number, wordEnd: number): number {
  const next = text.charCodeAt(wordEnd);
  if (next !== colon && !leadsToAddress(next)) return -1;
  if (next === colon || next === hyphen) {
    const hexadecimal = endOfHexadecimal(text, start, wordEnd);
    if (hexadecimal > 0) return hexadecimal;
  }
  if (!isOpen(text, start)) return -1;
  if (next === colon) return endOfUrl(text, start, wordEnd);
  const after = text.charCodeAt(wordEnd + 1);
  return after === hyphen || kindOf(after) >= digit ? endOfAddress(text, start) : -1;
}

function endOfWord(text: string, start: number): number {
  let end = start;
  while (kindOf(text.charCodeAt(end)) >= digit) end += 1;
  return end;
}

/** The end of white space; unlike other characters, what lies beyond the text does not count as such. */
function endOfSpace(text: string, start: number): number {
  let end = start;
  while (end < text.length && kinds[text.charCodeAt(end)] === space) end += 1;
  return end;
}

/** Whether a value belongs to the one before it. A comma joins groups of three digits only. */
function isJoined(text: string, valueEnd: number, start: number): boolean {
  if (valueEnd < 0 || start - valueEnd > 1) return false;
  if (start === valueEnd) return true;
  const between = text.charCodeAt(valueEnd);
  if (joinsValues(between)) return true;
  return between === comma && endOfWord(text, start) - start === 3 && isShort(text, valueEnd);
}

/** Whether what ends here is a number of at most three digits. */
function isShort(text: string, end: number): boolean {
  let start = end;
  while (end - start < 4 && kindOf(text.charCodeAt(start - 1)) === digit) start -= 1;
  return end - start > 0 && end - start < 4;
}
