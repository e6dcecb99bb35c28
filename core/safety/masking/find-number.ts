import { classOf, digit, dot, endOfRun, hyphen, underscore, word } from './character-classes.ts';
import type { Finding } from './marker.ts';

/** Finds a credit card number that begins with the digits at `start`, or the token of a Telegram bot. */
export function findNumber(text: string, start: number): Finding | null {
  const before = text.charCodeAt(start - 1);
  if ((classOf(before) & (word | underscore | hyphen | dot)) !== 0) return null;
  if (endOfRun(text, start, digit, start + 4) < start + 4) return null;
  return findCard(text, start) ?? findBotToken(text, start);
}

const digitsAt = (text: string, start: number, count: number): number =>
  Number(text.slice(start, start + count));

/** Lengths of the groups a card number is written in, by how it begins; null when no card does. */
function groupsOf(text: string, start: number): readonly number[] | null {
  const two = digitsAt(text, start, 2);
  if (two === 34 || two === 37) return [4, 6, 5];
  if (two === 36 || two === 38 || two === 39) return [4, 6, 4];
  const four = digitsAt(text, start, 4);
  const isKnown =
    (two >= 40 && two <= 49) ||
    (two >= 51 && two <= 55) ||
    (four >= 2221 && four <= 2720) ||
    two === 35 ||
    four === 6011 ||
    two === 65;
  return isKnown ? [4, 4, 4, 4] : null;
}

function findCard(text: string, start: number): Finding | null {
  const groups = groupsOf(text, start);
  if (groups === null) return null;
  const separator = text.charCodeAt(start + 4);
  const isSplit = separator === 32 || separator === 45;
  let index = start;
  let digits = '';
  for (const length of groups) {
    if (isSplit && index > start) {
      if (text.charCodeAt(index) !== separator) return null;
      index += 1;
    }
    if (endOfRun(text, index, digit, index + length) !== index + length) return null;
    digits += text.slice(index, index + length);
    index += length;
  }
  const next = classOf(text.charCodeAt(index));
  if ((next & (word | underscore | hyphen)) !== 0) return null;
  if (next === dot && classOf(text.charCodeAt(index + 1)) === digit) return null;
  return passesLuhn(digits) ? { start, end: index, kind: 'card' } : null;
}

/** The check digit of card numbers: ISO/IEC 7812-1, annex B. */
function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let index = 0; index < digits.length; index += 1) {
    const value = digits.charCodeAt(digits.length - 1 - index) - 48;
    const doubled = index % 2 === 1 ? value * 2 : value;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

function findBotToken(text: string, start: number): Finding | null {
  const colon = endOfRun(text, start, digit, start + 11);
  if (colon - start < 8 || !text.startsWith(':AA', colon)) return null;
  const from = colon + 3;
  const end = endOfRun(text, from, word | underscore | hyphen, from + 40);
  return end - from < 30 ? null : { start, end, kind: 'token' };
}
