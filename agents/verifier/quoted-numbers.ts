/** A number that a sentence states, with the decimals it is given to and the unit it is followed by (`''` for none). */
export interface QuotedNumber {
  readonly value: number;
  readonly decimals: number;
  readonly unit: string;
}

const units: ReadonlySet<string> = new Set(['%', 'ms', 's', 'us', 'ns', 'min', 'MB']);
const number = /^[-+]?\d+(?:\.\d+)?$/;
const withUnit = /^([-+]?\d+(?:\.\d+)?)(%|ms|s|MB)$/;
const opening = new Set(['(', '[']);
const closing = new Set(['.', ',', ';', ':', ')', ']', '!', '?']);

/**
 * Reads the numbers that a sentence claims. Text between “ and ” is the telemetry's own and is left out, and so is whatever has a letter, a colon or a
 * hyphen inside it: instants, clock times, ids, names with digits.
 */
export function quotedNumbers(text: string): readonly QuotedNumber[] {
  const tokens = outsideQuotes(text)
    .split(/\s+/)
    .map(trimmed)
    .filter((token) => token !== '');
  return tokens.flatMap((token, index) => {
    const attached = withUnit.exec(token);
    if (attached !== null) return [read(attached[1] ?? '', attached[2] ?? '')];
    if (!number.test(token)) return [];
    const next = tokens[index + 1] ?? '';
    return [read(token, units.has(next) ? next : '')];
  });
}

function read(digits: string, unit: string): QuotedNumber {
  const point = digits.indexOf('.');
  return {
    value: Number(digits),
    decimals: point < 0 ? 0 : digits.length - point - 1,
    unit,
  };
}

/** Gives what stands between “ and ”, without the mark of a cut. */
export function quotedTexts(text: string): readonly string[] {
  const texts: string[] = [];
  let rest = text;
  for (;;) {
    const start = rest.indexOf('“');
    const end = rest.indexOf('”', start + 1);
    if (start < 0) return texts;
    const inner = rest.slice(start + 1, end < 0 ? undefined : end);
    const whole = inner.endsWith('…') ? inner.slice(0, -1) : inner;
    if (whole.trim() !== '') texts.push(whole.trim());
    if (end < 0) return texts;
    rest = rest.slice(end + 1);
  }
}

/** What a sentence says in its own words: all that `quotedTexts` does not give. */
export function outsideQuotes(text: string): string {
  return text.replaceAll(/“[^”]*”?|”/g, '');
}

function trimmed(token: string): string {
  let start = 0;
  let end = token.length;
  while (start < end && opening.has(token.charAt(start))) start += 1;
  while (end > start && closing.has(token.charAt(end - 1))) end -= 1;
  return token.slice(start, end);
}
