import { expect, test } from '@jest/globals';
import { clockOf } from '../../../integrations/duckdb/formats/clock.ts';
import { macros } from '../../../integrations/duckdb/macros.ts';
import { openDatabase } from '../../../integrations/duckdb/open-database.ts';

/** 2026-01-05T00:00:00Z is 1,767,571,200 s after 1970; 7,258,118,400 s are the end of 2199, the last that counts. */
const rows = [
  ['s', '1767571200', '2026-01-05 00:00:00'],
  ['s', '1767571200.5', '2026-01-05 00:00:00.5'],
  ['s', ' 1767571200 ', '2026-01-05 00:00:00'],
  ['ms', '1767571200123', '2026-01-05 00:00:00.123'],
  ['ms', '1767571200123.9876', '2026-01-05 00:00:00.123987'],
  ['us', '1767571200000001', '2026-01-05 00:00:00.000001'],
  ['ns', '1767571200123456789', '2026-01-05 00:00:00.123456'],
  ['ns', '7258118400000000999', '2200-01-01 00:00:00'],
  ['ns', '7258118400000001000', null],
  ['s', '7258118401', null],
  ['s', '9999999999999999999', null],
  ['s', '99999999999999999999', null],
  ['us', '0', null],
  ['s', '-5', null],
  ['s', 'soon', null],
  ['s', '', null],
] as const;

test('times that count from 1970 are read exactly, whole or not, and those that are none are none', async () => {
  const database = await openDatabase({ files: [], prepare: macros, memoryMegabytes: 100 });
  try {
    for (const [unit, text, instant] of rows) {
      const { read } = clockOf({ files: ['x'], format: 'csv', time: { unit } });
      const { signal } = new AbortController();
      const sql = `SELECT CAST(${read('t')} AS VARCHAR) AS instant FROM (SELECT CAST($text AS VARCHAR) AS t)`;
      expect([text, await database.run(sql, { text }, signal)]).toEqual([text, [{ instant }]]);
    }
  } finally {
    await database.close();
  }
});
