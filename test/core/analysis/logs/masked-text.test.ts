import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { codesOf } from '../../../../core/analysis/logs/line-codes.ts';
import { maskLine } from '../../../../core/analysis/logs/mask-line.ts';
import { MaskedText } from '../../../../core/analysis/logs/masked-text.ts';

function written(masked: MaskedText, pieces: readonly string[]): string {
  masked.begin(pieces.reduce((sum, { length }) => sum + length, 0));
  for (const piece of pieces) masked.copy(codesOf(piece), 0, piece.length);
  return masked.text();
}

describe('MaskedText', () => {
  test('gives what was written, whatever was written before', () => {
    const masked = new MaskedText();
    const piece = fc.string({ unit: 'binary', maxLength: 40 });
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        expect(written(masked, pieces)).toBe(pieces.join(''));
      }),
    );
  });

  test('tells texts apart that share a place, and writes long ones whole', () => {
    const masked = new MaskedText();
    // More texts than there are places, each twice: one that was overwritten is built anew.
    const texts = Array.from({ length: 40_000 }, (_none, index) => `kind ${index} of line`);
    for (const text of [...texts, ...texts]) {
      if (written(masked, [text]) !== text) throw new Error(`${text} was not given back`);
    }
    const long = 'long '.repeat(4_000);
    expect(written(masked, [long])).toBe(long);
  });
});

describe('maskLine', () => {
  test('reads a line as if no longer one had been read before it', () => {
    expect(maskLine(`failed ${'/a/long/path'.repeat(900)}`)).toBe('failed <*>');
    expect(maskLine('lost node-7/10.1.2.3')).toBe('lost <*>');
    expect(maskLine('lookup of db.example')).toBe('lookup of db.example');
    expect(maskLine('at 12:00:')).toBe('at <*>:');
  });
});
