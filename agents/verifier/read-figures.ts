import { outsideQuotes } from './quoted-numbers.ts';
import type { QuotedNumber } from './quoted-numbers.ts';

/** What a sentence says in digits: numbers to hold against evidence, and what cannot be read as one. */
export interface Figures {
  readonly numbers: readonly QuotedNumber[];
  readonly unread: readonly string[];
}

const number = /^([+-]?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d+)?)([A-Za-zµμ%×/]*)$/;
const instant =
  /^(?:\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?|(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d+)?)?Z?)$/;
const evidenceId = /^ev-[0-9a-f]{16}$/;
/** What percentiles and classes of status are called. */
const plainName = /^(?:p\d{2}(?:\.?\d{1,2})?|(?:50|75|9\d)(?:\.\d{1,2})?th|[1-5]xx)$/i;
const between = /[–—→=|:;/()]+|,(?!\d)/;
const opening = '([{<>≤≥"\'“”*_`~≈±×';
const closing = '.,;:!?)]}>"\'“”*_`…';

/** What a unit is called, by the word for it. Numbers of other things (`40x`, `31/s`) have none. */
const units: Readonly<Record<string, string>> = {
  ...namesOf('', ['', 'x', '×', 'rps', 'qps']),
  ...namesOf('%', ['%', 'percent']),
  ...namesOf('ns', ['ns']),
  ...namesOf('us', ['us', 'µs', 'μs']),
  ...namesOf('ms', ['ms', 'millisecond', 'milliseconds']),
  ...namesOf('s', ['s', 'sec', 'secs', 'second', 'seconds']),
  ...namesOf('min', ['min', 'mins', 'm', 'minute', 'minutes']),
  ...namesOf('h', ['h', 'hr', 'hrs', 'hour', 'hours']),
  ...namesOf('d', ['d', 'day', 'days']),
  ...namesOf('k', ['k', 'K']),
  ...namesOf('M', ['M', 'million']),
  ...namesOf('G', ['G', 'bn', 'billion']),
  ...namesOf('B', ['B', 'byte', 'bytes']),
  ...namesOf('KB', ['KB', 'kB', 'kb', 'KiB', 'Ki']),
  ...namesOf('MB', ['MB', 'mb', 'MiB', 'Mi']),
  ...namesOf('GB', ['GB', 'gb', 'GiB', 'Gi']),
  ...namesOf('TB', ['TB', 'tb', 'TiB', 'Ti']),
};

function namesOf(unit: string, names: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(names.map((name) => [name, unit]));
}

/**
 * Reads all digits of a sentence but those of words that the telemetry or the evidence has (`isName`), of instants, ids and percentiles. Text between “ and ” is left out. What is
 * joined without a space (`200–300ms`, `n=12`) is read piece by piece. Linear.
 */
export function readFigures(text: string, isName: (word: string) => boolean): Figures {
  const tokens = outsideQuotes(text).split(/\s+/).map(trimmed);
  const numbers: QuotedNumber[] = [];
  const unread: string[] = [];
  for (const [index, token] of tokens.entries()) {
    const next = tokens[index + 1] ?? '';
    for (const piece of piecesOf(token, isName)) {
      const read = readNumber(piece, next);
      if (read === null) unread.push(piece);
      else numbers.push(read);
    }
  }
  return { numbers, unread };
}

/** The parts of a token that have to be numbers. What can be read as one is one, though it stands in a word of the evidence too. */
function piecesOf(token: string, isName: (word: string) => boolean): string[] {
  const isSaid = (word: string): boolean =>
    !/\p{N}/u.test(word) ||
    [instant, evidenceId, plainName].some((form) => form.test(word)) ||
    (readNumber(word, '') === null && isName(word));
  if (isSaid(token)) return [];
  if (readNumber(token, '') !== null) return [token];
  const pieces = token.split(between).map(trimmed);
  return pieces.filter((piece) => !isSaid(piece)).flatMap(endsOfRange);
}

/** `200-300ms` is two numbers; `web-0` is none. */
function endsOfRange(piece: string): string[] {
  const ends = piece.split('-');
  const isRange = ends.every((end) => /^\d/.test(end) && readNumber(end, '') !== null);
  return isRange ? ends : [piece];
}

function readNumber(token: string, next: string): QuotedNumber | null {
  const [, digits = '', suffix = ''] = number.exec(token.replace('−', '-')) ?? [];
  if (!/\d/.test(digits)) return null;
  const unit = unitOf(suffix);
  if (unit === undefined) return null;
  const plain = digits.replaceAll(',', '');
  const point = plain.indexOf('.');
  return {
    value: Number(plain),
    decimals: point < 0 ? 0 : plain.length - point - 1,
    unit: suffix === '' ? (unitOf(next) ?? '') : unit,
  };
}

/** A rate is written in the unit of what it counts. */
function unitOf(word: string): string | undefined {
  const counted = word.replace(/\/(?:s|sec|second)$/, '');
  return Object.hasOwn(units, counted) ? units[counted] : undefined;
}

function trimmed(token: string): string {
  let start = 0;
  let end = token.length;
  while (start < end && opening.includes(token.charAt(start))) start += 1;
  while (end > start && closing.includes(token.charAt(end - 1))) end -= 1;
  return token.slice(start, end);
}
