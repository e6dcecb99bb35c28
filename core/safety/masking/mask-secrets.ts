import { classOf, digit, endOfRun, word } from './character-classes.ts';
import { findElement, findFlag, findPair, sureOfHeader } from './find-pair.ts';
import { findInUrl } from './find-in-url.ts';
import { findNumber } from './find-number.ts';
import { endOfMarker, markerOf } from './marker.ts';
import type { Finding } from './marker.ts';
import { secretKeyIn } from './secret-keys.ts';
import { isSecretValue } from './secret-values.ts';
import { findToken } from './token-rules.ts';

/** A text without its secrets, and how many were taken out. */
export interface MaskedText {
  readonly text: string;
  readonly masked: number;
}

/** What stood beside a secret can show as one once the other is gone; that ends after a pass or two. */
const mostPasses = 4;

/**
 * Replaces each secret in a text by a marker that says what it was: credentials of `Authorization` headers, cookies, values of names such as `password` or
 * `api_key`, passwords in URLs and connection strings, private keys, JWTs, keys with a known beginning, and card numbers. Masking a masked text changes
 * nothing. Passes over the characters by hand, in linear time on any input: no pattern that could backtrack ever meets a foreign text.
 */
export function maskSecrets(text: string): MaskedText {
  let { text: after, masked } = maskOnce(text);
  for (let pass = 1, found = masked; found > 0 && pass < mostPasses; pass += 1) {
    const again = maskOnce(after);
    found = again.masked;
    masked += found;
    after = again.text;
  }
  return { text: after, masked };
}

function maskOnce(text: string): MaskedText {
  let parts = '';
  let kept = 0;
  let masked = 0;
  let index = 0;
  while (index < text.length) {
    const code = text.charCodeAt(index);
    const isWord = (classOf(code) & word) !== 0;
    const found = isWord ? findAtWord(text, index, code) : findAtSign(text, index, code);
    if (found !== null) {
      parts += text.slice(kept, found.start) + markerOf(found.kind);
      kept = found.end;
      masked += 1;
      index = found.end;
    } else if (isWord) {
      index = endOfRun(text, index, word);
    } else {
      index = afterSign(text, index, code);
    }
  }
  return masked === 0 ? { text, masked } : { text: parts + text.slice(kept), masked };
}

/** Masks the value of an attribute: the whole of it when its name says that it is a secret, else what is secret in it. */
export function maskAttribute(name: string, value: string): MaskedText {
  const key = secretKeyIn(name, 0, name.length);
  if (key !== null) {
    const place = { start: 0, end: value.length, isProse: false };
    if (isSecretValue(value, place, sureOfHeader(key))) {
      return { text: markerOf(key.kind), masked: 1 };
    }
  }
  return maskSecrets(value);
}

function findAtWord(text: string, index: number, code: number): Finding | null {
  if (classOf(code) === digit) {
    const found = findNumber(text, index);
    if (found !== null) return found;
  }
  return findToken(text, index);
}

/** What a character that is neither letter nor digit leads to. */
function findAtSign(text: string, index: number, code: number): Finding | null {
  switch (code) {
    case 58: // :
      return text.startsWith('//', index + 1)
        ? findInUrl(text, index + 3)
        : findPair(text, index, index + 1);
    case 61: // =
      return findPair(text, index, index + 1);
    case 62: // >
      return findElement(text, index);
    case 37: // % of an encoded = or :
      return isEncodedSeparator(text, index) ? findPair(text, index, index + 3) : null;
    case 45: // -
      return findAtHyphen(text, index);
    default:
      return null;
  }
}

function isEncodedSeparator(text: string, index: number): boolean {
  const code = text.charCodeAt(index + 2) | 32;
  return text.charCodeAt(index + 1) === 51 && (code === 100 || code === 97);
}

function findAtHyphen(text: string, index: number): Finding | null {
  if (text.charCodeAt(index + 1) !== 45) return null;
  if (text.startsWith(keyBegin, index)) return findPrivateKey(text, index);
  const before = text.charCodeAt(index - 1);
  return index === 0 || before <= 32 || before === 34 || before === 39
    ? findFlag(text, index + 2)
    : null;
}

const keyBegin = '-----BEGIN ';
const longestLabel = 40;

/** A block of PEM that holds a private key; without its end all of the rest: it was cut off. */
function findPrivateKey(text: string, start: number): Finding | null {
  const from = start + keyBegin.length;
  const label = text.slice(from, from + longestLabel).split('-----', 1)[0] ?? '';
  if (!label.includes('PRIVATE KEY')) return null;
  const closing = `-----END ${label}-----`;
  const end = text.indexOf(closing, from);
  return { start, end: end < 0 ? text.length : end + closing.length, kind: 'private-key' };
}

const escapes = new Set(Array.from('nrtbf\\"/', (sign) => sign.charCodeAt(0)));

/** Passes over a marker, an escaped character (`\n`, `%20`) with the letters in it, or a single character. */
function afterSign(text: string, index: number, code: number): number {
  if (code === 92) return escapes.has(text.charCodeAt(index + 1)) ? index + 2 : index + 1;
  if (code === 37 && isHex(text.charCodeAt(index + 1)) && isHex(text.charCodeAt(index + 2))) {
    return index + 3;
  }
  const marker = endOfMarker(text, index);
  return marker < 0 ? index + 1 : marker;
}

function isHex(code: number): boolean {
  return (code >= 48 && code <= 57) || ((code | 32) >= 97 && (code | 32) <= 102);
}
