/** Stands for whatever varies from line to line. */
export const wildcard = '<*>';

const maxTokens = 64;
const maxTokenLength = 120;
const maxQuotedLength = 100;
/** What is read of a token before the rest of it is passed over: far more than is kept, for masks shorten it. */
const maxReadLength = 1_000;

const isDigit = (code: number): boolean => code >= 48 && code <= 57;
const isLetter = (code: number): boolean =>
  (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code > 127;
const isHexLetter = (code: number): boolean =>
  (code >= 97 && code <= 102) || (code >= 65 && code <= 70);
const isSpace = (code: number): boolean => code <= 32;
const isQuote = (code: number): boolean => code === 34 || code === 39;

/**
 * Splits a log line at white space and replaces what varies by `<*>`: numbers, dates, clock times, durations (the unit stays), addresses, UUIDs, hexadecimal
 * and mixed identifiers, and quoted words (the quotes stay; a quoted sentence is read like any other). At most 64 tokens of 120 characters are kept; a longer line ends in `<*>`. One
 * pass over the characters by hand, in linear time on any input: no pattern that could backtrack ever meets a foreign line.
 */
export function maskTokens(text: string): readonly string[] {
  const tokens: string[] = [];
  let index = 0;
  while (index < text.length) {
    while (index < text.length && isSpace(text.charCodeAt(index))) index += 1;
    if (index >= text.length) break;
    if (tokens.length === maxTokens - 1) {
      tokens.push(wildcard);
      break;
    }
    const { token, end } = readToken(text, index);
    tokens.push(token);
    index = end;
  }
  return tokens;
}

/** Most tokens are plain words: those are cut out as they stand. */
function readToken(text: string, start: number): { readonly token: string; readonly end: number } {
  let end = start;
  let isPlain = true;
  for (; end < text.length; end += 1) {
    const code = text.charCodeAt(end);
    if (isSpace(code)) break;
    if (isDigit(code) || isQuote(code)) {
      isPlain = false;
      break;
    }
  }
  if (isPlain) return { token: text.slice(start, Math.min(end, start + maxTokenLength)), end };
  return readMasked(text, start);
}

function readMasked(text: string, start: number): { readonly token: string; readonly end: number } {
  const parts: string[] = [];
  let index = start;
  while (index < text.length) {
    const code = text.charCodeAt(index);
    if (isSpace(code)) break;
    if (index - start >= maxReadLength) {
      index = endOfToken(text, index);
      break;
    }
    const quoteEnd = isQuote(code) ? endOfQuoted(text, index) : -1;
    if (quoteEnd > 0) {
      parts.push(text.charAt(index), wildcard, text.charAt(index));
      index = quoteEnd;
    } else if (isDigit(code) || isLetter(code)) {
      const end = endOfUuid(text, index) ?? endOfRun(text, index);
      pushRun(parts, text, index, end);
      index = end;
    } else {
      parts.push(text.charAt(index));
      index += 1;
    }
  }
  return { token: joined(parts).slice(0, maxTokenLength), end: index };
}

function endOfToken(text: string, start: number): number {
  let end = start;
  while (end < text.length && !isSpace(text.charCodeAt(end))) end += 1;
  return end;
}

/** The end of a quoted word, -1 when this is no opening quote: an apostrophe inside a word, or nothing closes it before the next space. */
function endOfQuoted(text: string, index: number): number {
  const before = index === 0 ? 32 : text.charCodeAt(index - 1);
  if (isLetter(before) || isDigit(before)) return -1;
  const quote = text.charCodeAt(index);
  const limit = Math.min(text.length, index + maxQuotedLength);
  for (let end = index + 1; end < limit; end += 1) {
    const code = text.charCodeAt(end);
    if (isSpace(code)) return -1;
    if (code === 92) end += 1;
    else if (code === quote) return end + 1;
  }
  return -1;
}

function endOfRun(text: string, start: number): number {
  let end = start;
  while (end < text.length) {
    const code = text.charCodeAt(end);
    if (!isDigit(code) && !isLetter(code)) break;
    end += 1;
  }
  return end;
}

const uuidLength = 36;
const uuidHyphens = new Set([8, 13, 18, 23]);

function endOfUuid(text: string, start: number): number | null {
  if (text.charCodeAt(start + 8) !== 45 || text.charCodeAt(start + 13) !== 45) return null;
  for (let offset = 0; offset < uuidLength; offset += 1) {
    const code = text.charCodeAt(start + offset);
    const fits = uuidHyphens.has(offset) ? code === 45 : isDigit(code) || isHexLetter(code);
    if (!fits) return null;
  }
  const next = text.charCodeAt(start + uuidLength);
  return isDigit(next) || isLetter(next) ? null : start + uuidLength;
}

/** Replaces a run of letters and digits, or the digits in it: `90ms` keeps its unit and `r312` its letter, but `7f3ac9` is an identifier. */
function pushRun(parts: string[], text: string, start: number, end: number): void {
  let digits = 0;
  let changes = 0;
  let isHex = true;
  let wasDigit = false;
  for (let index = start; index < end; index += 1) {
    const code = text.charCodeAt(index);
    const nowDigit = isDigit(code);
    if (nowDigit) digits += 1;
    else if (!isHexLetter(code)) isHex = false;
    if (index > start && nowDigit !== wasDigit) changes += 1;
    wasDigit = nowDigit;
  }
  if (digits === 0) {
    parts.push(text.slice(start, end));
    return;
  }
  const isIdentifier = changes > 1 || (isHex && end - start >= 6) || end - start > uuidLength - 1;
  if (changes === 0 || isIdentifier) {
    parts.push(wildcard);
    return;
  }
  let border = start;
  const startsWithDigit = isDigit(text.charCodeAt(start));
  while (isDigit(text.charCodeAt(border)) === startsWithDigit) border += 1;
  if (startsWithDigit) {
    parts.push(wildcard);
    if (end - border <= 4) parts.push(text.slice(border, end));
  } else {
    parts.push(text.slice(start, border), wildcard);
  }
}

const joints = new Set(['.', ':', '-', '/', ',', '+', 'T', '_']);

/** Numbers joined by points, colons, hyphens and the like are one value: an address, a date, a version. */
function joined(parts: readonly string[]): string {
  let token = '';
  for (let index = 0; index < parts.length; index += 1) {
    token += parts[index] ?? '';
    if (parts[index] !== wildcard) continue;
    while (joints.has(parts[index + 1] ?? '') && parts[index + 2] === wildcard) index += 2;
  }
  return token;
}
