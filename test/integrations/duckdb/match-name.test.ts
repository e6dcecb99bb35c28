import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { matchName } from '../../../integrations/duckdb/match-name.ts';
import { cpuMs } from '../../support/cpu-ms.ts';

/** What the pattern means, written as a regular expression. */
function expected(pattern: string, name: string): boolean {
  if (name.startsWith('.') && !pattern.startsWith('.')) return false;
  const source = pattern
    .split('')
    .map((part) => (part === '*' ? '.*' : part === '?' ? '.' : part.replace('.', '\\.')));
  return new RegExp(`^${source.join('')}$`).test(name);
}

describe('matchName', () => {
  test.each([
    ['*.csv.gz', 'cpu.csv.gz', true],
    ['*.csv', 'cpu.csv.gz', false],
    ['cpu-?.csv', 'cpu-1.csv', true],
    ['cpu-?.csv', 'cpu-.csv', false],
    ['*', '.hidden', false],
    ['.*', '.hidden', true],
    ['*a*b*', 'xxaxxbxx', true],
  ])('%s and %s: %s', (pattern, name, matches) => {
    expect(matchName(pattern, name)).toBe(matches);
  });

  test('means what the same regular expression means', () => {
    const letters = (parts: readonly string[]) =>
      fc.array(fc.constantFrom(...parts), { maxLength: 9 }).map((some) => some.join(''));
    fc.assert(
      fc.property(letters(['a', 'b', '.', '*', '?']), letters(['a', 'b', '.']), (pattern, name) => {
        expect(matchName(pattern, name)).toBe(expected(pattern, name));
      }),
      { numRuns: 2_000 },
    );
  });

  test('takes a hostile pattern without effort', () => {
    const match = (): void =>
      expect(matchName(`${'*a'.repeat(100)}b`, 'a'.repeat(250))).toBe(false);
    expect(cpuMs(match)).toBeLessThan(100);
  });
});
