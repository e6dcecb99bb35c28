import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { knownNames } from '../../../agents/model/known-names.ts';
import { checkClaim } from '../../../agents/verifier/check-claim.ts';
import { createSentenceCheck } from '../../../agents/verifier/check-sentence.ts';
import { indexEvidence } from '../../../agents/verifier/evidence-index.ts';
import { readFigures } from '../../../agents/verifier/read-figures.ts';
import type { Evidence } from '../../../core/schemas/evidence.ts';
import { deploy, investigate, window } from '../support/world.ts';
import { cpuMs } from '../../support/cpu-ms.ts';

const id = 'ev-0000000000000001';
const evidenceOf = (data: Evidence['data'], more: Partial<Evidence> = {}): Evidence => ({
  ...{ id, key: 'k', kind: 'metrics', title: 't', source: '', query: '', window, view: 'table' },
  ...{ data, tool: 'scan-metrics', arguments: {}, role: 'aggregation', round: 1, takenAt: 0 },
  ...more,
});
const check = (text: string, data: Evidence['data'], names: readonly string[] = []) =>
  createSentenceCheck([evidenceOf(data)], names)({ text, evidenceIds: [id] });

describe('the figures of a model’s sentence', () => {
  test.each([
    ['thousands', 'It wrote 1,234 lines', { value: 1234, decimals: 0, unit: '' }],
    ['a size', 'It took 7.9GB', { value: 7.9, decimals: 1, unit: 'GB' }],
    ['times', 'It is 40x as slow', { value: 40, decimals: 0, unit: '' }],
    ['about', 'It fails ~900 times', { value: 900, decimals: 0, unit: '' }],
    ['hours', 'It lasted 12h.', { value: 12, decimals: 0, unit: 'h' }],
    ['a short form', 'It wrote 1.2k lines', { value: 1.2, decimals: 1, unit: 'k' }],
    ['a rate', 'It writes 31/s', { value: 31, decimals: 0, unit: '' }],
    ['a word for the unit', 'It took 2 minutes', { value: 2, decimals: 0, unit: 'min' }],
    ['a minus', 'It is −3.5 %', { value: -3.5, decimals: 1, unit: '%' }],
    ['a mark-up', 'It is **12**', { value: 12, decimals: 0, unit: '' }],
  ])('are read: %s', (_what, text, quoted) => {
    expect(readFigures(text, () => false)).toEqual({ numbers: [quoted], unread: [] });
  });

  test('are read one by one where they are joined', () => {
    const { numbers, unread } = readFigures('200–300ms, 5-7ms, n=12 and latency:9s', () => false);
    expect(numbers.map(({ value, unit }) => `${value}${unit}`)).toEqual(
      '200 300ms 5 7ms 12 9s'.split(' '),
    );
    expect(unread).toEqual([]);
  });

  test.each(['1,23', 'x900', '$900', '1.2.3', '9e5', '½', '٩٠٠', '900q', 'web-0', '99th-ish'])(
    'that nobody can read are told: %s',
    (word) => {
      expect(readFigures(`It is ${word} now`, () => false)).toEqual({
        numbers: [],
        unread: [word],
      });
      expect(readFigures(`It is ${word} now`, (one) => one === word).unread).toEqual([]);
    },
  );

  test('are not the digits of instants, ids, percentiles, and what is quoted', () => {
    const text =
      'At 2030-01-07T09:05:00.000Z (09:05) p99, the 95th percentile and 5xx rose, see ev-0123456789abcdef “retry 3”';
    expect(readFigures(text, () => false)).toEqual({ numbers: [], unread: [] });
  });

  test('are found however quotation marks are nested', () => {
    expect(readFigures('““a” 900 ms', () => false).numbers).toHaveLength(1);
  });

  test('are never passed over: all digits of a sentence are read or told', () => {
    const word = fc.string({
      unit: fc.constantFrom(...Array.from('19,.:-–/~×kM%a(“')),
      maxLength: 8,
    });
    fc.assert(
      fc.property(fc.array(word, { maxLength: 6 }), (words) => {
        const text = words.join(' ').replaceAll('“', '');
        const { numbers, unread } = readFigures(text, () => false);
        const digits = text.replaceAll(/\b[012]?\d:[0-5]\d(?::[0-5]\d(\.\d+)?)?\b/g, '');
        const isSilent = numbers.length === 0 && unread.length === 0;
        expect(isSilent && /\d/.test(digits)).toBe(false);
      }),
    );
  });

  test('take time in proportion to the sentence', () => {
    const readAll = (): void => {
      for (const part of ['1,111', '1-', 'a1:', '1.1', '“1', '–1']) {
        readFigures(part.repeat(50_000), () => false);
      }
    };
    expect(cpuMs(readAll)).toBeLessThan(5_000);
  });
});

describe('a model’s sentence', () => {
  test.each([
    ['It wrote 1,234 lines', { lines: 1234 }],
    ['Memory is 7.9GB', { bytes: 7_912_000_000 }],
    ['It is 40x', { factor: 40.2 }],
    ['It fails ~900 times', { count: 900 }],
    ['It lasted 12h', { seconds: 43_200 }],
    ['It wrote 1.2k lines', { lines: 1_234 }],
    ['The limit is 512Mi', { bytes: 536_870_912 }],
  ])('stands when the evidence holds its number: %s', (text, data) => {
    expect(check(text, data)).toBeNull();
    expect(check(text, { other: 77 })).toContain('does not stand');
  });

  test('falls when it has digits that are neither a number nor of something known', () => {
    expect(check('It fails x900 times', { count: 900 })).toContain('x900');
    expect(check('Since api-r17 it fails', {})).toContain('api-r17');
    expect(check('Since api-r17 it fails', {}, ['API-r17'])).toBeNull();
    expect(check('Since api-r17 it fails', { revisions: ['api-r17 of api'] })).toBeNull();
    expect(check('Since api-r17 it fails', { revisions: ['api-r170'] })).toContain('api-r17');
  });

  test('is held to its numbers though a word of the evidence has them', () => {
    expect(check('It fails 900 times', { line: 'port 900 refused' })).toContain('900');
    expect(check('It fails 900 times', {}, ['900'])).toContain('900');
  });

  test('may not quote what the model asked for', () => {
    const key = '"ledger was wiped"';
    const title = `Log lines containing ${key}`;
    const found = evidenceOf({ rows: [] }, { key, title, kind: 'logs' });
    const text = 'The log says “ledger was wiped”';
    const sentence = { text, evidenceIds: [id] };
    expect(createSentenceCheck([found], [])(sentence)).toContain('ledger was wiped');
    // What embedded policies write is held against the same evidence as before.
    expect(checkClaim(sentence, new Map([[id, indexEvidence(found)]]))).toBeNull();
  });

  test('may quote what a change is called', () => {
    const found = evidenceOf({}, { kind: 'changes', title: 'deploy a-r1: Tidy up' });
    const sentence = { text: 'It was “Tidy up”', evidenceIds: [id] };
    expect(createSentenceCheck([found], [])(sentence)).toBeNull();
  });
});

test('entities, changes and revisions are known names', async () => {
  const { brief, observations } = await investigate({ changes: [deploy('orders', 30)] });
  expect(knownNames(brief, observations)).toEqual(
    expect.arrayContaining(['front', 'orders', 'orders-r7']),
  );
});
