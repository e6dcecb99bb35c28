import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { splitCsvRecord } from '../../../core/split-csv-record.ts';
import { findCsvRecord } from '../../../integrations/duckdb/csv-records.ts';

async function* chunksOf(text: string, size: number): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

const write = (fields: readonly string[]): string =>
  fields
    .map((field) => (/[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field))
    .join(',');

const field = fc
  .array(fc.constantFrom('a', 'é', '"', ',', '\n', ' '), { maxLength: 5 })
  .map((parts) => parts.join(''));
const record = fc.array(field, { minLength: 2, maxLength: 4 });

describe('findCsvRecord and splitCsvRecord', () => {
  test('find any record, its line and its fields, however the file is cut into pieces', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(record, { minLength: 1, maxLength: 6 }),
        fc.nat(),
        fc.integer({ min: 1, max: 7 }),
        fc.constantFrom('\n', '\r\n'),
        async (records, pick, size, end) => {
          const wanted = pick % records.length;
          const texts = records.map((fields) => `${write(fields)}${end}`);
          const found = await findCsvRecord(chunksOf(texts.join(''), size), wanted);
          const before = texts.slice(0, wanted).join('');
          expect(found?.line).toBe(before.split('\n').length);
          expect(splitCsvRecord(found?.text ?? '')).toEqual(records[wanted]);
        },
      ),
    );
  });

  test('pass over a byte order mark and blank lines, and take a last record without a line end', async () => {
    const text = '\uFEFFa,b\r\n\r\n\n1,2';
    expect(await findCsvRecord(chunksOf(text, 3), 0)).toEqual({ line: 1, text: 'a,b' });
    expect(await findCsvRecord(chunksOf(text, 3), 1)).toEqual({ line: 4, text: '1,2' });
    expect(await findCsvRecord(chunksOf(text, 3), 2)).toBeNull();
  });
});
