import { anyOf, digit, joiner, kindOf, kinds, letter, space } from './characters.ts';

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
export function endOfPath(text: string, start: number): number {
  let end = start;
  const limit = Math.min(text.length, start + 2_000);
  while (end < limit) {
    const code = text.charCodeAt(end);
    if (kinds[code] === space || endsPath(code)) break;
    end += 1;
  }
  while (end > start + 1 && endsSentence(text.charCodeAt(end - 1))) end -= 1;
  return end;
}

/** The end of a URL, or of a path that begins with a drive, whose scheme or drive is the word given; -1 when it is none. */
export function endOfUrl(text: string, start: number, wordEnd: number): number {
  if (text.charCodeAt(wordEnd) !== colon) return -1;
  const next = text.charCodeAt(wordEnd + 1);
  const isUrl = next === slash && text.charCodeAt(wordEnd + 2) === slash;
  const isDrive = next === backslash && wordEnd - start === 1;
  return isUrl || isDrive ? endOfPath(text, wordEnd + 1) : -1;
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
export function endOfAddress(text: string, start: number): number {
  const limit = start + maxLength;
  let end = start;
  let labelStart = start;
  const labels: string[] = [];
  let isHyphened = false;
  let hasLetter = false;
  for (; end < limit; end += 1) {
    const code = text.charCodeAt(end);
    const kind = kinds[code] ?? space;
    if (kind === letter) hasLetter = true;
    else if (code === hyphen) isHyphened = true;
    else if (code === point && isWordAt(text, end + 1)) {
      labels.push(text.slice(labelStart, end));
      labelStart = end + 1;
    } else if (kind !== digit && kind !== joiner) break;
  }
  labels.push(text.slice(labelStart, end));
  const next = text.charCodeAt(end);
  if (next === slash) return endAfterSlash(text, end);
  const last = labels.at(-1) ?? '';
  if (next === colon && hasLetter) {
    const isName = labels.length > 1 ? last.length > 1 && !sourceEndings.has(last) : isHyphened;
    const portEnd = isName ? endOfPort(text, end) : -1;
    if (portEnd > 0) return portEnd;
  }
  return isDomain(labels) ? end : -1;
}

function isDomain(labels: readonly string[]): boolean {
  if (labels.length < 2 || topDomains.has(labels[0] ?? '')) return false;
  const last = labels.at(-1) ?? '';
  if (topDomains.has(last)) return true;
  const isCountry = last.length === 2 && last === last.toLowerCase();
  return labels.length > 2 && isCountry && secondDomains.has(labels.at(-2) ?? '');
}

const isWordAt = (text: string, index: number): boolean => kindOf(text.charCodeAt(index)) >= digit;

/** A slash after a name begins an IP address, or there is another slash further on: a path. */
function endAfterSlash(text: string, at: number): number {
  const inetEnd = endOfInet(text, at + 1);
  if (inetEnd > 0) return inetEnd;
  const pathEnd = endOfPath(text, at);
  let slashes = 0;
  for (let index = at; index < pathEnd; index += 1) {
    if (text.charCodeAt(index) !== slash) continue;
    slashes += 1;
    if (slashes > 1 && isWordAt(text, index + 1)) return pathEnd;
  }
  return -1;
}

function endOfInet(text: string, start: number): number {
  let end = start;
  for (let part = 0; part < 4; part += 1) {
    if (part > 0 && text.charCodeAt(end) !== point) return -1;
    if (part > 0) end += 1;
    const from = end;
    while (end - from < 3 && kindOf(text.charCodeAt(end)) === digit) end += 1;
    if (end === from) return -1;
  }
  const portEnd = text.charCodeAt(end) === colon ? endOfPort(text, end) : -1;
  return portEnd > 0 ? portEnd : end;
}

/** The end of a colon and two to five digits. */
function endOfPort(text: string, at: number): number {
  let end = at + 1;
  while (end - at < 7 && kindOf(text.charCodeAt(end)) === digit) end += 1;
  const digits = end - at - 1;
  return digits >= 2 && digits <= 5 && !isWordAt(text, end) ? end : -1;
}

const isHexadecimal = anyOf('0123456789abcdefABCDEF');
const uuidGroups = [8, 4, 4, 4, 12];
const leastPairs = 4;

/** The end of a UUID, or of four and more pairs of hexadecimal digits between colons or hyphens, that starts here; -1 when there is none. */
export function endOfHexadecimal(text: string, start: number, wordEnd: number): number {
  const length = wordEnd - start;
  const mark = text.charCodeAt(wordEnd);
  if (length === 8 && mark === hyphen) return endOfGroups(text, start, uuidGroups);
  if (length !== 2 || (mark !== colon && mark !== hyphen)) return -1;
  let end = start;
  let pairs = 0;
  while (isHexadecimal(text.charCodeAt(end)) && isHexadecimal(text.charCodeAt(end + 1))) {
    pairs += 1;
    end += 2;
    if (text.charCodeAt(end) !== mark || end - start > maxLength) break;
    end += 1;
  }
  return pairs >= leastPairs && !isWordAt(text, end) ? end : -1;
}

function endOfGroups(text: string, start: number, groups: readonly number[]): number {
  let end = start;
  for (const [index, length] of groups.entries()) {
    if (index > 0 && text.charCodeAt(end) !== hyphen) return -1;
    if (index > 0) end += 1;
    const until = end + length;
    while (end < until && isHexadecimal(text.charCodeAt(end))) end += 1;
    if (end < until) return -1;
  }
  return isWordAt(text, end) ? -1 : end;
}
