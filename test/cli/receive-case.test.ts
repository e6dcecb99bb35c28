import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { receiveCase } from '../../cli/receive-case.ts';
import { openTestFolder } from '../support/test-folder.ts';

const folder = openTestFolder('receive-case');
let root = '';

beforeAll(async () => {
  root = folder.open();
});

afterAll(() => folder.remove());

const incident = {
  version: 1,
  name: 'exported',
  alert: { title: 'Orders fail' },
  window: { start: '2026-11-20T09:00:00Z', end: '2026-11-20T10:00:00Z' },
};

/** A stream of these lines, in pieces that do not end where lines do. */
async function* stream(...lines: readonly string[]): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''));
  for (let at = 0; at < bytes.length; at += 7) yield bytes.subarray(at, at + 7);
}

const first = `{"incident":${JSON.stringify(incident)}}`;

describe('an exported case', () => {
  test('is written as it came, digit by digit, under the name of its folder', async () => {
    const out = join(root, 'Black Friday');
    const row = '{"resourceSpans":[{"n":12345678901234567890}]}';
    const received = await receiveCase(
      stream(first, `{"traces":${row}}`, `{"traces":${row}}`, '{"end":{"lines":2}}'),
      out,
    );
    expect(received).toEqual({ name: 'black-friday', kinds: ['traces'], lines: 2 });
    expect(gunzipSync(await readFile(join(out, 'traces.jsonl.gz'))).toString()).toBe(
      `${row}\n${row}\n`,
    );
    expect(parse(await readFile(join(out, 'incident.yaml'), 'utf8'))).toMatchObject({
      name: 'black-friday',
      alert: { title: 'Orders fail' },
      telemetry: { traces: [{ files: ['traces.jsonl.gz'], format: 'otlp-json' }] },
    });
  });

  test.each([
    ['no end', ['{"logs":{}}']],
    ['too few lines', ['{"logs":{}}', '{"end":{"lines":2}}']],
  ])('with %s was cut off, and is no case', async (what, lines) => {
    const out = join(root, what);
    await expect(receiveCase(stream(first, ...lines), out)).rejects.toMatchObject({
      code: 'unavailable.api',
      message: expect.stringContaining('cut off'),
    });
    expect(await readdir(out)).not.toContain('incident.yaml');
  });

  test('writes into no folder that holds something', async () => {
    await expect(receiveCase(stream(first, '{"end":{"lines":0}}'), root)).rejects.toMatchObject({
      code: 'invalid.request',
    });
  });

  test('has no parts but its own', async () => {
    const lines = [first, '{"../escape":{}}', '{"end":{"lines":1}}'];
    await expect(receiveCase(stream(...lines), join(root, 'foreign'))).rejects.toMatchObject({
      code: 'unavailable.api',
    });
  });
});
