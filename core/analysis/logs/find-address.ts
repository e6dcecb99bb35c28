import { anyOf, digit, joiner, kindOf, kinds, letter, space } from './characters.ts';
import { codeAt, wordAt } from './line-codes.ts';
import type { LineCodes } from './line-codes.ts';

const slash = 47;
const colon = 58;
const hyphen = 45;
const point = 46;
const backslash = 92;

const endsPath = anyOf(',;()[]{}"\'<>|');
const endsSentence = anyOf('.:,');
/** No address is longer, so that looking for one costs no more on any text. */
const maxLength = 300;

/** The end of a path or of the rest of a URL that starts here: all up to white space, a bracket, a quote or the end of a clause. */
export function endOfPath(codes: LineCodes, start: number): number {
  let end = start;
  const limit = start + 2_000;
  while (end < limit) {
    const code = codeAt(codes, end);
    if (kinds[code] === space || endsPath(code)) break;
    end += 1;
  }
  while (end > start + 1 && endsSentence(codeAt(codes, end - 1))) end -= 1;
  return end;
}

/** The end of a URL, or of a path that begins with a drive, whose scheme or drive is the word given; -1 when it is none. */
export function endOfUrl(codes: LineCodes, start: number, wordEnd: number): number {
  if (codeAt(codes, wordEnd) !== colon) return -1;
  const next = codeAt(codes, wordEnd + 1);
  const isUrl = next === slash && codeAt(codes, wordEnd + 2) === slash;
  const isDrive = next === backslash && wordEnd - start === 1;
  return isUrl || isDrive ? endOfPath(codes, wordEnd + 1) : -1;
}

/** The first or last part of a name by which it is a domain's, or, when first, that of a package in code. */
const topDomains = new Set('com net org edu gov mil info biz arpa local internal'.split(' '));
const secondDomains = new Set([...topDomains, 'co', 'ac']);
/** Ends of names after which `:12` is a line and not a port. */
const sourceEndings = new Set('c h cc cpp java py go rs js ts rb php cs kt scala'.split(' '));

/**
 * The end of an address that starts here, -1 when there is none: `name/10.0.0.1:80`, `name-1:8080`, `host.name:80`, a domain name, or a path of at
 * least two slashes.
 */
export function endOfAddress(codes: LineCodes, start: number): number {
  const limit = start + maxLength;
  let end = start;
  let points = 0;
  let firstEnd = start;
  let lastStart = start;
  let beforeLastStart = start;
  let isHyphened = false;
  let hasLetter = false;
  for (; end < limit; end += 1) {
    const code = codeAt(codes, end);
    const kind = kinds[code] ?? space;
    if (kind === letter) hasLetter = true;
    else if (code === hyphen) isHyphened = true;
    else if (code === point && isWordAt(codes, end + 1)) {
      if (points === 0) firstEnd = end;
      points += 1;
      beforeLastStart = lastStart;
      lastStart = end + 1;
    } else if (kind !== digit && kind !== joiner) break;
  }
  const next = codeAt(codes, end);
  if (next === slash) return endAfterSlash(codes, end);
  if (next === colon && hasLetter) {
    const isName =
      points > 0
        ? end - lastStart > 1 && !sourceEndings.has(wordAt(codes, lastStart, end))
        : isHyphened;
    const portEnd = isName ? endOfPort(codes, end) : -1;
    if (portEnd > 0) return portEnd;
  }
  // No last part of a domain's name is longer than `internal`.
  if (points === 0 || end - lastStart < 2 || end - lastStart > 8) return -1;
  const last = wordAt(codes, lastStart, end);
  const isTop =
    topDomains.has(last) ||
    (points > 1 &&
      last.length === 2 &&
      last === last.toLowerCase() &&
      secondDomains.has(wordAt(codes, beforeLastStart, lastStart - 1)));
  return isTop && !topDomains.has(wordAt(codes, start, firstEnd)) ? end : -1;
}

const isWordAt = (codes: LineCodes, index: number): boolean =>
  kindOf(codeAt(codes, index)) >= digit;

/** A slash after a name begins an IP address, or there is another slash further on: a path. */
function endAfterSlash(codes: LineCodes, at: number): number {
  const inetEnd = endOfInet(codes, at + 1);
  if (inetEnd > 0) return inetEnd;
  const pathEnd = endOfPath(codes, at);
  let slashes = 0;
  for (let index = at; index < pathEnd; index += 1) {
    if (codeAt(codes, index) !== slash) continue;
    slashes += 1;
    if (slashes > 1 && isWordAt(codes, index + 1)) return pathEnd;
  }
  return -1;
}

function endOfInet(codes: LineCodes, start: number): number {
  let end = start;
  for (let part = 0; part < 4; part += 1) {
    if (part > 0 && codeAt(codes, end) !== point) return -1;
    if (part > 0) end += 1;
    const from = end;
    while (end - from < 3 && kindOf(codeAt(codes, end)) === digit) end += 1;
    if (end === from) return -1;
  }
  const portEnd = codeAt(codes, end) === colon ? endOfPort(codes, end) : -1;
  return portEnd > 0 ? portEnd : end;
}

/** The end of a colon and two to five digits. */
function endOfPort(codes: LineCodes, at: number): number {
  let end = at + 1;
  while (end - at < 7 && kindOf(codeAt(codes, end)) === digit) end += 1;
  const digits = end - at - 1;
  return digits >= 2 && digits <= 5 && !isWordAt(codes, end) ? end : -1;
}

const isHexadecimal = anyOf('0123456789abcdefABCDEF');
const uuidGroups = [8, 4, 4, 4, 12];
const leastPairs = 4;

/** The end of a UUID, or of four and more pairs of hexadecimal digits between colons or hyphens, that starts here; -1 when there is none. */
export function endOfHexadecimal(codes: LineCodes, start: number, wordEnd: number): number {
  const length = wordEnd - start;
  const mark = codeAt(codes, wordEnd);
  if (length === 8 && mark === hyphen) return endOfGroups(codes, start, uuidGroups);
  if (length !== 2 || (mark !== colon && mark !== hyphen)) return -1;
  let end = start;
  let pairs = 0;
  while (isHexadecimal(codeAt(codes, end)) && isHexadecimal(codeAt(codes, end + 1))) {
    pairs += 1;
    end += 2;
    if (codeAt(codes, end) !== mark || end - start > maxLength) break;
    end += 1;
  }
  return pairs >= leastPairs && !isWordAt(codes, end) ? end : -1;
}

function endOfGroups(codes: LineCodes, start: number, groups: readonly number[]): number {
  let end = start;
  for (const [index, length] of groups.entries()) {
    if (index > 0 && codeAt(codes, end) !== hyphen) return -1;
    if (index > 0) end += 1;
    const until = end + length;
    while (end < until && isHexadecimal(codeAt(codes, end))) end += 1;
    if (end < until) return -1;
  }
  return isWordAt(codes, end) ? -1 : end;
}
