import {
  afterBlanks,
  classOf,
  dot,
  endOfRun,
  hyphen,
  lower,
  underscore,
  upper,
  word,
} from './character-classes.ts';
import type { Finding } from './marker.ts';
import { secretKeyIn } from './secret-keys.ts';
import type { SecretKey } from './secret-keys.ts';
import { isSecretValue, longestLook } from './secret-values.ts';

const nameBits = word | underscore | hyphen | dot;
const longestName = 64;

const isBlank = (code: number): boolean => code === 32 || code === 9;
const isQuote = (code: number): boolean => code === 34 || code === 39 || code === 96;
const isLineEnd = (code: number): boolean => code === 10 || code === 13;
/** Stands between a name and what follows it: `"name" :`, `name\" :`, `[name] =`. */
const isWrapping = (code: number): boolean =>
  isBlank(code) || isQuote(code) || code === 92 || code === 93;

/** Finds the value after the `=` or `:` at `index`, when the name before it says that it is a secret. `after` is where the separator ends. */
export function findPair(text: string, index: number, after: number): Finding | null {
  const key = keyBefore(text, index);
  if (key === null) return null;
  // Of `:=`, `==` and `=>` what is left of the separator.
  const next = text.charCodeAt(after);
  const end = next === 61 || next === 62 ? after + 1 : after;
  return findValue(text, end, key, text.charCodeAt(index) === 58 && end === index + 1);
}

/** The secret that the name before `index` announces. */
function keyBefore(text: string, index: number): SecretKey | null {
  let end = index;
  const least = Math.max(0, index - 6);
  while (end > least && isWrapping(text.charCodeAt(end - 1))) end -= 1;
  const start = startOfName(text, end);
  if (start === end) return null;
  // "api key", "access key": the one name that is often two words.
  const isKey = end - start === 3 && text.slice(start, end).toLowerCase() === 'key';
  const isTwoWords = isKey && text.charCodeAt(start - 1) === 32;
  return secretKeyIn(text, isTwoWords ? startOfName(text, start - 1) : start, end);
}

function startOfName(text: string, end: number): number {
  const least = Math.max(0, end - longestName);
  let start = end;
  while (start > least && (classOf(text.charCodeAt(start - 1)) & nameBits) !== 0) start -= 1;
  return start;
}

function findValue(text: string, from: number, key: SecretKey, isColon: boolean): Finding | null {
  let start = afterBlanks(text, from);
  const isProse = isColon && start > from;
  if (text.charCodeAt(start) === 91 && isOpening(text, start + 1)) start += 1;
  if (isOpening(text, start)) return findQuoted(text, start, key);
  if (isColon && isHeader(key)) {
    const end = key.ending === 'cookie' ? endOfCookies(text, start) : endOfCredentials(text, start);
    if (end > start) return { start, end, kind: key.kind };
  }
  return findBare(text, start, key, isProse);
}

function findBare(text: string, start: number, key: SecretKey, isProse: boolean): Finding | null {
  const end = endOfValue(text, start, start + longestLook);
  if (!isSecretValue(text, { start, end, isProse }, key)) return null;
  return { start, end: endOfValue(text, start, text.length), kind: key.kind };
}

/** Whether a quote opens at `start`, backslashes before it passed over: JSON within JSON has them. */
function isOpening(text: string, start: number): boolean {
  return isQuote(text.charCodeAt(endOfBackslashes(text, start)));
}

function endOfBackslashes(text: string, start: number): number {
  let end = start;
  while (end < start + 16 && text.charCodeAt(end) === 92) end += 1;
  return end;
}

/** What stands in quotes; up to the end of the text where none closes: the rest was cut off. */
function findQuoted(text: string, opening: number, key: SecretKey): Finding | null {
  const at = endOfBackslashes(text, opening);
  const start = at + 1;
  const quote = text.charCodeAt(at);
  const end = endOfQuoted(text, start, start + longestLook, quote, at - opening);
  if (!isSecretValue(text, { start, end, isProse: false }, sureOfHeader(key))) return null;
  const whole = endOfQuoted(text, start, text.length, quote, at - opening);
  return { start, end: whole, kind: key.kind };
}

/** The whole value of such a header is a secret; only in a sentence may the word stand for something else. */
export function sureOfHeader(key: SecretKey): SecretKey {
  return isHeader(key) ? { ...key, isWeak: false } : key;
}

function isHeader({ ending }: SecretKey): boolean {
  return ending === 'authorization' || ending === 'cookie';
}

/** A quote within has more backslashes before it than the opening one; among ordinary quotes, an odd number. */
function endOfQuoted(
  text: string,
  start: number,
  limit: number,
  quote: number,
  depth: number,
): number {
  const last = Math.min(limit, text.length);
  let backslashes = 0;
  for (let index = start; index < last; index += 1) {
    const code = text.charCodeAt(index);
    if (code === 92) {
      backslashes += 1;
    } else {
      const closes = depth === 0 ? backslashes % 2 === 0 : backslashes <= depth;
      if (code === quote && closes) return depth === 0 ? index : index - backslashes;
      backslashes = 0;
    }
  }
  return last;
}

const closers = new Set([41, 46, 93, 125]);

/** The end of an unquoted value: at white space or a quote, or at a `,`, `;` or `&` after which something else begins. */
function endOfValue(text: string, start: number, limit: number): number {
  const last = Math.min(limit, text.length);
  let end = start;
  while (end < last) {
    const code = text.charCodeAt(end);
    if (code <= 32 || isQuote(code) || code === 60 || code === 92) break;
    if ((code === 44 || code === 59 || code === 38) && isNextBeginning(text, end + 1)) break;
    end += 1;
  }
  while (end > start && closers.has(text.charCodeAt(end - 1))) end -= 1;
  return end;
}

/** Whether the text ends here, or a space, a quote or another `name=` comes: a password may hold a comma, but not these. */
function isNextBeginning(text: string, index: number): boolean {
  const code = text.charCodeAt(index);
  if (index >= text.length || code <= 32 || isQuote(code)) return true;
  let end = endOfRun(text, index, nameBits, index + longestName);
  if (end === index) return false;
  // `User Id=` of a connection string.
  if (text.charCodeAt(end) === 32) end = endOfRun(text, end + 1, nameBits, end + longestName);
  return text.charCodeAt(end) === 61 || text.charCodeAt(end) === 58;
}

/** Schemes whose credentials are several words with quotes. */
const longSchemes = new Set(['digest', 'aws4-hmac-sha256', 'hawk', 'signature', 'oauth']);

/** The end of the value of an `Authorization` header: scheme and credentials; `start` when there are no credentials. */
function endOfCredentials(text: string, start: number): number {
  const scheme = endOfRun(text, start, hyphen | word, start + 32);
  const from = afterBlanks(text, scheme);
  if (scheme === start || from === scheme) return start;
  const name = text.slice(start, scheme).toLowerCase();
  if (longSchemes.has(name)) return endOfLine(text, from);
  const end = endOfValue(text, from, text.length);
  const isKnown = name === 'bearer' || name === 'basic' || name === 'token' || name === 'apikey';
  return isKnown && end - from >= 6 && !isLettersOnly(text, from, end) ? end : start;
}

function isLettersOnly(text: string, start: number, end: number): boolean {
  return end - start < 16 && endOfRun(text, start, upper | lower, end) === end;
}

function endOfLine(text: string, start: number): number {
  let end = start;
  while (end < text.length && !isLineEnd(text.charCodeAt(end))) end += 1;
  return end;
}

/** The end of `name=value; name=value`; `start` when there is no such thing. */
function endOfCookies(text: string, start: number): number {
  let end = start;
  for (let from = start; ; from = afterBlanks(text, end + 1)) {
    const name = endOfRun(text, from, nameBits, from + 128);
    const isFirst = from === start;
    const isCookie = name > from && text.charCodeAt(name) === 61;
    if (isFirst && !isCookie) return start;
    if (!isFirst && name === from) return end;
    end = isCookie ? endOfCookie(text, name) : name;
    if (text.charCodeAt(end) !== 59) return end;
  }
}

function endOfCookie(text: string, start: number): number {
  let end = start;
  while (end < text.length) {
    const code = text.charCodeAt(end);
    if (code <= 32 || code === 59 || isQuote(code)) break;
    end += 1;
  }
  return end;
}

/** Finds the value after a flag that begins at `index`: `--password hunter2`. */
export function findFlag(text: string, index: number): Finding | null {
  const end = endOfRun(text, index, nameBits, index + longestName);
  if (text.charCodeAt(end) !== 32) return null;
  const key = secretKeyIn(text, index, end);
  if (key === null) return null;
  const start = afterBlanks(text, end);
  if (isOpening(text, start)) return findQuoted(text, start, key);
  return findBare(text, start, key, true);
}

/** Finds what an XML element holds whose opening tag ends with the `>` at `index`. */
export function findElement(text: string, index: number): Finding | null {
  const name = startOfName(text, index);
  const before = text.charCodeAt(name - 1);
  if (before !== 60 && before !== 58) return null;
  const key = secretKeyIn(text, name, index);
  if (key === null) return null;
  const start = index + 1;
  const end = endOfContent(text, start, start + longestLook);
  if (!isSecretValue(text, { start, end, isProse: false }, key)) return null;
  return { start, end: endOfContent(text, start, text.length), kind: key.kind };
}

function endOfContent(text: string, start: number, limit: number): number {
  const last = Math.min(limit, text.length);
  let end = start;
  while (end < last && text.charCodeAt(end) !== 60) end += 1;
  return end;
}
