import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, test } from '@jest/globals';
import { findSaid, runsOfWords } from '../../../bench/rca/known-words.ts';
import { findNames } from '../../../bench/rca/no-known-names.ts';
import { readPieces, wordingsOf } from '../../../bench/rca/read-literals.ts';
import { openTestFolder } from '../../support/test-folder.ts';

const folders = openTestFolder('known-words');
afterAll(() => folders.remove());

const found = (source: string, names: readonly string[]) =>
  findNames(readPieces(source, 'a.ts'), 'a.ts', new Set(names)).map(
    ({ name, line }) => `${line} ${name}`,
  );

describe('findNames', () => {
  test('a name counts as a text, as a word of one and in a template, not as a part of a word or in a comment', () => {
    const source = [
      "const one = 'cart-service';",
      'const said = `the cart-service of ${one} and the cart-service`;',
      "const other = 'cart-services'; // cart-service",
      '/* cart-service */',
    ].join('\n');
    expect(found(source, ['cart-service'])).toEqual(['1 cart-service', '2 cart-service']);
  });

  test('a name counts in a regular expression, also as one of its ways', () => {
    const source = [
      String.raw`const one = /^cart-service\b/;`,
      String.raw`const ways = /(?:cart|mail)-service\.shop$/i;`,
      String.raw`const maybe = /cart(?:-service)?s/;`,
    ].join('\n');
    const names = ['cart-service', 'mail-service.shop'];
    expect(found(source, names)).toEqual(['1 cart-service', '2 mail-service.shop']);
  });

  test('a name counts as a name of the code, however its words are joined there', () => {
    const source = [
      'const cartService = 1;',
      'const of = { cart_service: 2, adservice: 3 };',
      'const cartServices = 4;',
    ].join('\n');
    const names = ['cart-service', 'adservice'];
    expect(found(source, names)).toEqual(['1 cart-service', '2 cart-service', '2 adservice']);
  });
});

test('a pattern is taken apart into its ways, with a space for whatever else may stand there', () => {
  expect(
    wordingsOf(String.raw`\bback[- ]off (?:pulling (?:image|layer)|restarting)|oom\d+killed`),
  ).toEqual(
    expect.arrayContaining([
      'back off pulling image',
      'back off pulling layer',
      'back off restarting',
      'oom killed',
    ]),
  );
  expect(wordingsOf('a(b(c|d|e)(f|g)(h|i)?)*'.repeat(6)).length).toBe(256);
});

describe('runs of four words that the data say too', () => {
  test('are found in texts and patterns, whatever stands between words, in plain and packed files, and not in what was measured', async () => {
    const pieces = readPieces(
      String.raw`const a = 'The van is full today'; const b = /lost (?:contact|touch) with it all/; const theVanIsFull = 'no van at all here';`,
      'a.ts',
    );
    const runs = runsOfWords(pieces, 'a.ts');
    expect(runs.get('van is full today')).toEqual({ file: 'a.ts', line: 1 });
    const dir = folders.open();
    mkdirSync(join(dir, 'set'));
    const packed = gzipSync('12:01 courier-7: THE VAN, is 3 full: to-day\n');
    writeFileSync(join(dir, 'set', 'a.log.gz'), packed);
    writeFileSync(join(dir, 'set', 'b.json'), '{"message":"Lost touch with it, 4 times"}');
    writeFileSync(join(dir, 'set', 'metrics.json'), '{"name":"no van at all here"}');
    const said = await findSaid(dir, ['set'], new Set(runs.keys()));
    expect([...said]).toEqual([
      ['the van is full', 'set/a.log.gz'],
      ['lost touch with it', 'set/b.json'],
    ]);
  });
});
