const escape = 0x1b;
const bell = 0x07;
const stringEnd = 0x9c;
const longestStringChars = 4_096;

/** What follows ESC, or the single character of the same meaning, at the start of a control sequence and of a control string. */
const sequenceStarts = ['[', '\u009b'];
const stringStarts = [']', 'P', '_', '^', 'X', '\u009d', '\u0090', '\u009f', '\u009e', '\u0098'];

/**
 * Makes text from telemetry safe to print on a terminal: without escape sequences, control characters and marks that reorder text, and on one line.
 * Linear in the text. Source: ECMA-48, sections 5.4 and 5.6.
 */
export function clean(text: string): string {
  let out = '';
  for (let at = 0; at < text.length;) {
    const code = text.charCodeAt(at);
    if (code === escape || (code >= 0x80 && code <= 0x9f)) {
      at = afterEscape(text, at);
    } else {
      out += isLineBreak(code) ? ' ' : isUnsafe(code) ? '' : text.charAt(at);
      at++;
    }
  }
  return out;
}

/** Writes JSON that is safe on a terminal too: what JSON leaves as it is, though terminals obey it, becomes an escape. */
export function cleanJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, null, indent).replace(
    /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Gives the place behind the escape sequence that starts at `at`. */
function afterEscape(text: string, at: number): number {
  const isLong = text.charCodeAt(at) === escape;
  const kind = text.charAt(isLong ? at + 1 : at);
  const body = at + (isLong ? 2 : 1);
  if (sequenceStarts.includes(kind)) {
    const parameters = skip(text, body, 0x30, 0x3f);
    return skip(text, skip(text, parameters, 0x20, 0x2f), 0x40, 0x7e, 1);
  }
  if (stringStarts.includes(kind)) return afterString(text, body);
  if (!isLong) return body;
  return skip(text, skip(text, at + 1, 0x20, 0x2f), 0x30, 0x7e, 1);
}

/** A string without an end within 4,096 characters loses its start only, so that it cannot hide what follows. */
function afterString(text: string, start: number): number {
  const last = Math.min(text.length, start + longestStringChars);
  for (let at = start; at < last; at++) {
    const code = text.charCodeAt(at);
    if (code === bell || code === stringEnd) return at + 1;
    if (code === escape) return text.charAt(at + 1) === '\\' ? at + 2 : at;
  }
  return start;
}

function skip(text: string, start: number, low: number, high: number, most = 64): number {
  let at = start;
  while (at < text.length && at - start < most) {
    const code = text.charCodeAt(at);
    if (code < low || code > high) break;
    at++;
  }
  return at;
}

function isLineBreak(code: number): boolean {
  return (code >= 0x09 && code <= 0x0d) || code === 0x2028 || code === 0x2029;
}

function isUnsafe(code: number): boolean {
  const reorders =
    code === 0x061c ||
    code === 0x200e ||
    code === 0x200f ||
    (code >= 0x202a && code <= 0x202e) ||
    (code >= 0x2066 && code <= 0x2069);
  return code < 0x20 || code === 0x7f || reorders;
}
