import { expect, test } from '@jest/globals';
import { findNames } from '../../../bench/rca/no-known-names.ts';

test('a name counts as a literal and as a word of one, not in code or as a part of a word', () => {
  const source = [
    "const cartService = 'cart-service';",
    'const said = `the cart-service is slow`;',
    "const other = 'cart-services';",
    '// cart-service',
  ].join('\n');
  expect(findNames(source, 'a.ts', new Set(['cart-service', 'cartService']))).toEqual([
    { name: 'cart-service', file: 'a.ts', line: 1 },
    { name: 'cart-service', file: 'a.ts', line: 2 },
  ]);
});
