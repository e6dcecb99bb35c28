import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { findHiddenCharacter } from '../../../core/safety/control-characters.ts';

describe('findHiddenCharacter', () => {
  test.each([
    ['a tab', 'a\tb', 'U+0009'],
    ['a line feed', 'a\nb', 'U+000A'],
    ['an escape', '\u001b[31m', 'U+001B'],
    ['a C1 control', 'a\u0085b', 'U+0085'],
    ['a soft hyphen', 'roll\u00adback', 'U+00AD'],
    ['a zero-width space', 'pay\u200bments', 'U+200B'],
    ['a right-to-left override', 'r117\u202e811r', 'U+202E'],
    ['an isolate', '\u2066x', 'U+2066'],
    ['a line separator', 'a\u2028b', 'U+2028'],
    ['a byte order mark', '\ufeffx', 'U+FEFF'],
    ['a variation selector', 'x\ufe0f', 'U+FE0F'],
    ['a tag character', 'x\u{e0041}', 'U+E0041'],
    ['a Hangul filler', '\u3164', 'U+3164'],
    ['a lone surrogate', 'x\udc00', 'U+DC00'],
  ])('finds %s', (_what, text, codePoint) => {
    expect(findHiddenCharacter({ plan: { texts: ['fine', text] } })).toEqual({
      path: '$.plan.texts[1]',
      codePoint,
    });
  });

  test('finds one in the name of a member and shows the name without it', () => {
    expect(findHiddenCharacter({ 'to\u200bRevision': 1 })).toEqual({
      path: '$.to<U+200B>Revision',
      codePoint: 'U+200B',
    });
  });

  test('passes text of any script, numbers, booleans and null', () => {
    const value = { a: 'Zahlung fällig: 30 € ✓ 支払い 😀 שלום', b: [1, true, null], c: {} };
    expect(findHiddenCharacter(value)).toBeNull();
  });

  test('passes every text of printable ASCII', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme-ascii' }), (text) => {
        expect(findHiddenCharacter(text)).toBeNull();
      }),
    );
  });
});
