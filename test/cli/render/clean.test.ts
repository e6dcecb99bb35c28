import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { clean, cleanJson } from '../../../cli/render/clean.ts';
import { cpuMs } from '../../support/cpu-ms.ts';

describe('clean', () => {
  test.each([
    ['a colour', '\u001b[31mred\u001b[0m', 'red'],
    ['a cursor movement', 'a\u001b[2;3Hb', 'ab'],
    ['a window title', 'a\u001b]0;owned\u0007b', 'ab'],
    ['a link', '\u001b]8;;http://evil\u001b\\text\u001b]8;;\u001b\\', 'text'],
    ['a single-character introducer', 'a\u009b31mb\u009d0;x\u009cc', 'abc'],
    ['a device control string', 'a\u001bPq#0\u001b\\b', 'ab'],
    ['a charset switch', 'a\u001b(0b', 'ab'],
    ['a full reset', 'a\u001bcb', 'ab'],
    ['line breaks and tabs', 'a\r\nb\tc', 'a  b c'],
    ['backspaces, bells and nulls', 'a\b\u0007\u0000b', 'ab'],
    ['marks that reorder text', 'a\u202eb\u2066c', 'abc'],
    ['an escape at the end', 'a\u001b', 'a'],
    ['a string that never ends', `a\u001b]0;${'x'.repeat(5_000)}`, `a0;${'x'.repeat(5_000)}`],
    ['other languages and emoji', 'naïve 日本 🦭', 'naïve 日本 🦭'],
  ])('takes out %s', (_what, dirty, expected) => {
    expect(clean(dirty)).toBe(expected);
  });

  test('leaves nothing that a terminal obeys, whatever it is given', () => {
    const pieces = fc.constantFrom(
      '\u001b',
      '[',
      ']',
      '\u009b',
      '\u009d',
      '\u0007',
      '\\',
      '3',
      ';',
      'm',
      'x',
      '\u202e',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(pieces).map((all) => all.join('')),
        ),
        (text) => {
          expect(clean(text)).not.toMatch(/[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/u);
          expect(clean(clean(text))).toBe(clean(text));
        },
      ),
    );
  });

  test('takes time in proportion to the text', () => {
    const hostile = '\u001b]'.repeat(200_000);
    expect(cpuMs(() => clean(hostile))).toBeLessThan(2_000);
  });
});

describe('cleanJson', () => {
  test('is the same value, with nothing in it that a terminal obeys', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = cleanJson(value);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
        expect(text).not.toMatch(/\p{Cc}/u);
      }),
    );
    expect(cleanJson('\u009b31m')).toBe('"\\u009b31m"');
  });
});
