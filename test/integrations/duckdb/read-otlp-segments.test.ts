import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import {
  jsonLines,
  manifest,
  readDir,
  readSpans,
  withCase,
  writeCaseFolder,
} from './case-folder.ts';
import { atMs, nanos, spansOf } from './otlp-requests.ts';

const span = (id: number, more: object = {}): object => ({
  traceId: id.toString(16).padStart(32, '0'),
  spanId: id.toString(16).padStart(16, '0'),
  startTimeUnixNano: nanos(id),
  endTimeUnixNano: nanos(id + 1),
  name: `span ${id}`,
  ...more,
});

const yaml = manifest(['traces: [{ files: ["traces/*"], format: otlp-json }]']);

describe('many files of OTLP', () => {
  test('are read as one, gzipped or not, empty ones passed over', async () => {
    const folder = await writeCaseFolder({
      'incident.yaml': yaml,
      'traces/1.jsonl': jsonLines(spansOf(span(1)), spansOf(span(3), span(2))),
      'traces/2.jsonl': '',
      'traces/3.jsonl.gz': gzipSync(jsonLines(spansOf(span(4)))),
      'traces/4.jsonl': jsonLines(spansOf(span(5), span(1))),
      'traces/5.jsonl': jsonLines(spansOf(span(6))),
    });
    const { rows } = await withCase(folder, readSpans);
    expect(rows.map(({ startAt }) => startAt)).toEqual([1, 2, 3, 4, 5, 6].map(atMs));
  });

  test.each([
    ['a row', jsonLines(spansOf(span(8)), spansOf(span(9, { kind: 9 }))), 'kind: "9" is not'],
    ['a line', `${jsonLines(spansOf(span(8)))}{"resourceSpans":[\n`, 'is not valid JSON'],
  ])('with %s that cannot be read are refused by the file and the line in it', async (...given) => {
    const [, content, says] = given;
    const folder = await writeCaseFolder({
      'incident.yaml': yaml,
      'traces/1.jsonl': jsonLines(spansOf(span(1)), spansOf(span(2)), spansOf(span(3))),
      'traces/2.jsonl': jsonLines(spansOf(span(4))),
      'traces/3.jsonl': content,
      'traces/4.jsonl': jsonLines(spansOf(span(5))),
    });
    try {
      await expect(readDir(folder.dir, readSpans)).rejects.toMatchObject({
        code: 'invalid.case',
        message: expect.stringContaining(`traces/3.jsonl:2: ${says}`),
      });
    } finally {
      folder.remove();
    }
  });
});
