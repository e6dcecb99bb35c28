import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { csv, lines, readMetrics, readValues, withFile } from './case-folder.ts';

describe('CSV', () => {
  const header = 'time,metric,value';

  test('may have a byte order mark, CRLF, blank lines and quoted line ends', async () => {
    const text = `\uFEFF${header},note\r\n2026-11-20T09:00:00Z,"a ""b"", c",1,"two\r\nlines"\r\n\r\n2026-11-20T09:00:01Z,d,2,\r\n`;
    const rows = await withFile(
      'metrics',
      csv(text),
      async (telemetry) => (await readMetrics(telemetry)).rows,
    );
    expect(rows).toEqual([
      expect.objectContaining({
        metric: 'a "b", c',
        values: [1],
        attributes: { note: 'two\r\nlines' },
      }),
      expect.objectContaining({ metric: 'd', values: [2], attributes: {} }),
    ]);
  });

  test('may be gzipped, whatever its name', async () => {
    const text = gzipSync(lines(header, '2026-11-20T09:00:00Z,cpu,1'));
    expect(await withFile('metrics', csv(text, 'data.csv.gz'), readValues)).toEqual({ cpu: [1] });
    expect(await withFile('metrics', csv(text, 'data.bin'), readValues)).toEqual({ cpu: [1] });
    const plain = lines(header, '2026-11-20T09:00:00Z,cpu,2');
    expect(await withFile('metrics', csv(plain, 'data.csv.gz'), readValues)).toEqual({ cpu: [2] });
  });

  test('may be gzipped in several members', async () => {
    const parts = [
      lines(header, '2026-11-20T09:00:00Z,cpu,1'),
      lines('2026-11-20T09:00:01Z,cpu,2'),
    ];
    const text = Buffer.concat(parts.map((part) => gzipSync(part)));
    expect(await withFile('metrics', csv(text, 'data.csv.gz'), readValues)).toEqual({
      cpu: [1, 2],
    });
  });

  test('keeps columns it does not know as attributes, in any order, and passes over unnamed ones', async () => {
    const text = lines(
      `,region,${header},"it's; DROP TABLE metrics"`,
      '0,eu,2026-11-20T09:00:00Z,cpu,1,yes',
      '1,us,2026-11-20T09:00:00Z,cpu,2,',
    );
    const rows = await withFile(
      'metrics',
      csv(text),
      async (telemetry) => (await readMetrics(telemetry)).rows,
    );
    expect(rows.map(({ attributes, values }) => [attributes, values])).toEqual([
      [{ "it's; DROP TABLE metrics": 'yes', region: 'eu' }, [1]],
      [{ region: 'us' }, [2]],
    ]);
  });

  test('replaces NUL bytes', async () => {
    const text = lines(`${header},note`, '2026-11-20T09:00:00Z,c\0pu,1,a\0b');
    const rows = await withFile(
      'metrics',
      csv(text),
      async (telemetry) => (await readMetrics(telemetry)).rows,
    );
    expect(rows[0]).toMatchObject({ metric: 'c\uFFFDpu', attributes: { note: 'a\uFFFDb' } });
  });

  test.each([
    [
      'a word for a value',
      [
        '2026-11-20T09:00:00Z,cpu,1',
        '',
        '2026-11-20T09:00:01Z,"c\npu",2',
        '2026-11-20T09:00:02Z,cpu,abc',
      ],
      'data.csv:6: value: "abc" is not a number',
    ],
    [
      'an epoch for a time',
      ['1763632800,cpu,1'],
      'data.csv:2: time: "1763632800" is not an ISO 8601 time such as 2026-11-20T10:07:00Z',
    ],
    [
      'a date that is none',
      ['2026-02-30T09:00:00Z,cpu,1'],
      'data.csv:2: time: "2026-02-30T09:00:00Z" is not an ISO 8601 time such as 2026-11-20T10:07:00Z',
    ],
    ['a missing time', [',cpu,1'], 'data.csv:2: time: is required'],
    ['a missing metric', ['2026-11-20T09:00:00Z,,1'], 'data.csv:2: metric: is required'],
    [
      'a bad row outside the window',
      ['2026-11-20T09:00:00Z,cpu,1', '2020-01-01T00:00:00Z,cpu,x'],
      'data.csv:3: value: "x" is not a number',
    ],
    [
      'too few columns',
      ['2026-11-20T09:00:00Z,cpu,1', '2026-11-20T09:00:01Z,cpu'],
      'data.csv:3: has 2 columns, the header has 3',
    ],
    [
      'too many columns',
      ['2026-11-20T09:00:00Z,cpu,1,2'],
      'data.csv:2: has 4 columns, the header has 3',
    ],
    [
      'a quote that does not end',
      ['2026-11-20T09:00:00Z,"cpu,1', '2026-11-20T09:00:01Z,cpu,1'],
      'data.csv:2: has a quote that does not end where the field does',
    ],
  ])('with %s is refused by file, line and field', async (_what, rows, message) => {
    const reading = withFile('metrics', csv(lines(header, ...rows)), readMetrics);
    await expect(reading).rejects.toMatchObject({ code: 'invalid.case', message });
  });

  test('gzipped names the line all the same', async () => {
    const rows = Array.from(
      { length: 20_000 },
      (_none, index) => `2026-11-20T09:00:00Z,"m\n${index}",${index === 15_000 ? 'x' : index}`,
    );
    const text = gzipSync(lines(header, ...rows));
    await expect(
      withFile('metrics', csv(text, 'metrics/cpu.csv.gz'), readMetrics),
    ).rejects.toMatchObject({
      message: 'metrics/cpu.csv.gz:30002: value: "x" is not a number',
      details: { file: 'metrics/cpu.csv.gz', line: 30_002, field: 'value' },
    });
  });

  test.each([
    ['without a required column', 'time,metric\n', 'data.csv:1: value: is a required column'],
    [
      'with a column twice',
      'time,metric,value,metric\n',
      'data.csv:1: metric: is in the header twice',
    ],
    [
      'with a blank first line',
      '\ntime,metric,value\n',
      'data.csv:1: is blank; the first line must be the header',
    ],
    [
      'with too many columns',
      `${header},${Array.from({ length: 500 }, (_none, index) => `c${index}`).join(',')}\n`,
      'data.csv:1: has 503 columns; the limit is 500',
    ],
    [
      'that is not UTF-8',
      Buffer.concat([
        Buffer.from(`${header}\n2026-11-20T09:00:00Z,`),
        Buffer.from([0xff]),
        Buffer.from(',1\n'),
      ]),
      'data.csv:2: is not UTF-8',
    ],
  ])('%s is refused', async (_what, content, message) => {
    await expect(withFile('metrics', csv(content), readMetrics)).rejects.toMatchObject({
      code: 'invalid.case',
      message,
    });
  });

  test('with a header and nothing else holds nothing', async () => {
    expect(await withFile('metrics', csv(`${header}\n`), readValues)).toEqual({});
    expect(await withFile('metrics', csv(header), readValues)).toEqual({});
    expect(await withFile('metrics', csv(gzipSync('')), readValues)).toEqual({});
  });
});

describe('a gzip file', () => {
  const whole = gzipSync(
    lines(
      'time,metric,value',
      ...Array.from({ length: 5_000 }, (_none, index) => `2026-11-20T09:00:00Z,m${index},${index}`),
    ),
  );

  test.each([
    ['that was cut short', whole.subarray(0, whole.length - 40)],
    ['that lost its last byte', whole.subarray(0, whole.length - 1)],
    [
      'that was damaged',
      Buffer.concat([whole.subarray(0, 4_000), Buffer.from('damage'), whole.subarray(4_006)]),
    ],
  ])('%s is refused', async (_what, content) => {
    await expect(
      withFile('metrics', csv(content, 'cpu.csv.gz'), readMetrics),
    ).rejects.toMatchObject({
      code: 'invalid.case',
      message: expect.stringMatching(
        /^cpu\.csv\.gz: is not a whole gzip file \(.*\); was it cut short\?$/,
      ),
    });
  });
});
