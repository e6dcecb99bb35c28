import { describe, expect, test } from '@jest/globals';
import { createFinder } from '../../../integrations/re2js/create-finder.ts';
import { cpuMs } from '../../support/cpu-ms.ts';

const found = (patterns: readonly string[], text: string): string[] =>
  createFinder('PATTERNS', patterns)(text).map(({ start, end }) => text.slice(start, end));

describe('createFinder', () => {
  test('finds what any pattern matches, in order', () => {
    expect(
      found(['cust_[a-z]+', 'ACME-\\d{6}'], 'ACME-123456 of cust_ab, cust_é, ACME-12'),
    ).toEqual(['ACME-123456', 'cust_ab']);
    expect(found(['(?i)É\\w', '\\Qa.c', '\\bx'], 'xa.c éa')).toEqual(['x', 'a.c', 'éa']);
    expect(found([], 'anything')).toEqual([]);
  });

  test('finds all of what several patterns match together', () => {
    expect(found(['bcd', 'ab', 'c'], 'xabcdx')).toEqual(['abcd']);
  });

  test.each([
    ['ok (a', 'missing'],
    ['(?=ahead)x', 'invalid'],
    ['(a)\\1', 'invalid'],
    ['a*', 'it matches the empty text'],
  ])('refuses a pattern by its name: %s', (pattern, why) => {
    const make = (): unknown => createFinder('PATTERNS', ['fine', pattern]);
    expect(make).toThrow(
      expect.objectContaining({
        code: 'invalid.config',
        message: expect.stringContaining(
          `PATTERNS holds the pattern "${pattern}", which cannot be used: `,
        ),
      }),
    );
    expect(make).toThrow(why);
  });

  test('takes time in proportion to the text, whatever the pattern', () => {
    const text = 'a'.repeat(100_000) + '!';
    const look = (): void => expect(found(['(a+)+$', '(a|aa)+x'], text)).toEqual([]);
    expect(cpuMs(look)).toBeLessThan(5_000);
  });
});
