import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isAppError } from '../../../core/errors.ts';
import { canonicalJson } from '../../../core/safety/canonical-json.ts';

/** Values without lone surrogates and without -0, which JSON cannot tell from 0. */
const plainJson = fc.jsonValue({ stringUnit: 'grapheme' });

function shuffled(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shuffled);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([name, member]) => [name, shuffled(member)]),
  );
}

describe('canonicalJson', () => {
  test('writes numbers, literals and strings as the sample of RFC 8785, section 3.2.2, shows', () => {
    const sample = {
      numbers: [Number('333333333.33333329'), 1e30, 4.5, 2e-3, 0.000000000000000000000000001],
      string: '\u20ac$\u000F\u000aA\'\u0042\u0022\u005c\\"\u002f',
      literals: [null, true, false],
    };
    expect(canonicalJson(sample)).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],' +
        '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    );
  });

  test('sorts members by UTF-16 code units as the sample of RFC 8785, section 3.2.3, shows', () => {
    const sample = {
      '\u20ac': 'Euro Sign',
      '\r': 'Carriage Return',
      '\ufb33': 'Hebrew Letter Dalet With Dagesh',
      '1': 'One',
      '\ud83d\ude00': 'Emoji: Grinning Face',
      '\u0080': 'Control',
      '\u00f6': 'Latin Small Letter O With Diaeresis',
    };
    const parsed = JSON.parse(canonicalJson(sample)) as object;
    const inText = [...canonicalJson(sample).matchAll(/:"([^"]+)"/g)].map((match) => match[1]);
    expect(parsed).toEqual(sample);
    expect(inText).toEqual([
      'Carriage Return',
      'One',
      'Control',
      'Latin Small Letter O With Diaeresis',
      'Euro Sign',
      'Emoji: Grinning Face',
      'Hebrew Letter Dalet With Dagesh',
    ]);
  });

  test('gives the same text whatever the order of members', () => {
    fc.assert(
      fc.property(plainJson, (value) => {
        expect(canonicalJson(shuffled(value))).toBe(canonicalJson(value));
      }),
    );
  });

  test('parses back to the same value, and writes that the same way again', () => {
    fc.assert(
      fc.property(plainJson, (value) => {
        const text = canonicalJson(value);
        expect(canonicalJson(JSON.parse(text))).toBe(text);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  test.each([
    ['undefined', { a: [{ b: undefined }] }, '$.a[0].b is of type undefined'],
    ['a hole', { a: [1, , 2] }, '$.a[1] is of type undefined'], // oxlint-disable-line no-sparse-arrays
    ['NaN', { a: Number.NaN }, '$.a is NaN'],
    ['an infinity', [1 / 0], '$[0] is Infinity'],
    ['a lone surrogate', { a: 'x\ud800y' }, '$.a holds a lone surrogate'],
    ['a lone surrogate in a name', { '\udc00': 1 }, 'holds a lone surrogate'],
    ['a date', { at: new Date(0) }, '$.at is no plain object'],
    ['a map', new Map(), '$ is no plain object'],
    ['a big integer', { n: 1n }, '$.n is of type bigint'],
    ['a function', { f: () => 1 }, '$.f is of type function'],
  ])('refuses %s and says where it is', (_what, value, says) => {
    expect(() => canonicalJson(value)).toThrow(says);
  });

  test('refuses a value that contains itself instead of running out of stack', () => {
    const value: Record<string, unknown> = {};
    value['self'] = value;
    let thrown: unknown;
    try {
      canonicalJson(value);
    } catch (error) {
      thrown = error;
    }
    expect(isAppError(thrown) && thrown.message).toContain('levels deep');
  });
});
