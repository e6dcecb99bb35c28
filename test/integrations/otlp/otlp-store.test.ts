import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createGroupCommit } from '../../../integrations/otlp/keep/group-commit.ts';
import type { Removed } from '../../../integrations/otlp/keep/retention.ts';
import { createOtlpStore } from '../../../integrations/otlp/otlp-store.ts';
import { projectRoot } from '../../../scripts/project-root.ts';
import { openTestFolder } from '../../support/test-folder.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { linesIn, segmentsIn } from './kept-files.ts';
import { encode, logWith, logsOf, nowMs, spanWith, tracesOf } from './otlp-messages.ts';

const folder = openTestFolder('otlp-store');
const hourMs = 3_600_000;
let dir = '';
let nowAt = nowMs;
let removed: Removed[] = [];
let failures: unknown[] = [];

beforeEach(() => {
  dir = join(folder.open(), randomUUID());
  nowAt = nowMs;
  removed = [];
  failures = [];
});

afterAll(() => folder.remove());

const openStore = ({ maxBytes = 1e9, at = dir } = {}) =>
  createOtlpStore({
    ...{ dir: at, maxBytes, retentionMs: 24 * hourMs, now: () => nowAt, pid: 7 },
    events: {
      onCleaned: () => undefined,
      onRemoved: (gone) => removed.push(...gone),
      onFailure: (error) => failures.push(error),
    },
  });

const spans = (count = 1) =>
  ({
    signal: 'traces',
    encoding: 'protobuf',
    body: encode('traces', 'protobuf', tracesOf(Array.from({ length: count }, () => spanWith()))),
  }) as const;

const logOf = (bytes: number) =>
  ({
    signal: 'logs',
    encoding: 'json',
    body: encode(
      'logs',
      'json',
      logsOf([logWith({ body: { stringValue: 'x '.repeat(bytes / 2) } })]),
    ),
  }) as const;

describe('the store of what was received', () => {
  test('keeps a request as a line of a segment named by when it was begun', async () => {
    const store = openStore();
    expect(await store.receive(spans(3))).toEqual({ rejected: 0, message: '' });
    expect(await segmentsIn(dir, 'traces')).toEqual([`${nowMs}-7-1.jsonl`]);
    const [line = ''] = await linesIn(dir, 'traces');
    expect(JSON.parse(line)).toMatchObject({
      resourceSpans: [{ scopeSpans: [{ spans: [{}, {}, {}] }] }],
    });
    await store.close();
  });

  test('says what it did not keep, and makes no file for nothing', async () => {
    const store = openStore();
    const body = encode(
      'traces',
      'json',
      tracesOf([spanWith({ spanId: '' }), spanWith({ name: '\0' })]),
    );
    expect(await store.receive({ signal: 'traces', encoding: 'json', body })).toEqual({
      rejected: 2,
      message: '2 spans not kept: 1 no-id, 1 nul-byte',
    });
    expect(await segmentsIn(dir, 'traces')).toEqual([]);
    await store.close();
  });

  test('begins another segment after a minute, and when one is full', async () => {
    const store = openStore({ maxBytes: 1_600_000 });
    await store.receive(spans());
    nowAt += 59_000;
    await store.receive(spans());
    expect(await segmentsIn(dir, 'traces')).toHaveLength(1);
    nowAt += 1_000;
    await store.receive(spans());
    expect(await segmentsIn(dir, 'traces')).toHaveLength(2);
    for (let count = 0; count < 8; count += 1) await store.receive(logOf(30_000));
    expect(await segmentsIn(dir, 'logs')).toHaveLength(2);
    await store.close();
  });

  test('keeps to its bytes: the oldest segment goes first, whichever kind it is of', async () => {
    const store = openStore({ maxBytes: 1_000_000 });
    await store.receive(spans());
    for (let count = 0; count < 60; count += 1) {
      nowAt += 10_000;
      await store.receive(logOf(30_000));
    }
    await store.close();
    expect(store.kept().bytes).toBeLessThanOrEqual(1_000_000);
    expect(store.kept().bytes).toBeGreaterThan(800_000);
    expect(await segmentsIn(dir, 'traces')).toEqual([]);
    expect(removed[0]).toMatchObject({ because: 'size', file: expect.stringContaining('traces') });
    const [oldest = ''] = await segmentsIn(dir, 'logs');
    expect(store.kept().oldestAt).toBe(Number(oldest.split('-')[0]));
    expect(failures).toEqual([]);
  });

  test('removes what is older than a day', async () => {
    const first = openStore();
    await first.receive(spans());
    await first.close();
    const name = `${nowMs}-7-1.jsonl`;
    await utimes(join(dir, 'traces', name), nowMs / 1_000, nowMs / 1_000);
    nowAt += 25 * hourMs;
    const store = openStore();
    await waitUntil('the old segment is gone', () => removed.length > 0);
    expect(removed).toMatchObject([{ because: 'age' }]);
    expect(await segmentsIn(dir, 'traces')).toEqual([]);
    await store.close();
  });

  test('refuses when the disk does, and goes on when it no longer does', async () => {
    await writeFile(dir, 'a file where the folder should be');
    const store = openStore();
    await expect(store.receive(spans())).rejects.toMatchObject({ code: 'unavailable.ingest' });
    await rm(dir);
    expect(await store.receive(spans())).toEqual({ rejected: 0, message: '' });
    await store.close();
  });

  test('has on the disk whatever it acknowledged when it is killed', async () => {
    const program = join(projectRoot(), 'test', 'integrations', 'otlp', 'store-until-killed.ts');
    for (let round = 0; round < 3; round += 1) {
      const child = spawn(process.execPath, ['--import', 'tsx', program, dir], {
        cwd: projectRoot(),
        stdio: ['ignore', 'pipe', 'inherit'],
        env: { PATH: process.env['PATH'] },
      });
      let printed = '';
      child.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()));
      const least = 50 + round * 37;
      await waitUntil(`${least} are kept`, () => printed.split('\n').length > least, 30_000);
      child.kill('SIGKILL');
      await once(child, 'close');
      const acknowledged = printed.split('\n').slice(0, -1);
      const kept = (await linesIn(dir, 'logs')).map((line) => {
        JSON.parse(line);
        return /record (\d+) /.exec(line)?.[1];
      });
      expect(acknowledged.filter((number) => !kept.includes(number))).toEqual([]);
    }
  });
});

describe('createGroupCommit', () => {
  test('writes what came during a write together, and tells each what became of it', async () => {
    const writes: string[] = [];
    let release = (): void => undefined;
    const commit = createGroupCommit(async (lines) => {
      writes.push(lines.toString());
      if (writes.length === 1) await new Promise<void>((resolve) => (release = resolve));
      if (writes.length === 2) throw new Error('full');
    });
    const first = commit.append(['a']);
    await waitUntil('the first is written', () => writes.length === 1);
    const others = Promise.allSettled([commit.append(['b', 'c']), commit.append(['d'])]);
    release();
    await first;
    expect((await others).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    await commit.append(['e']);
    expect(writes).toEqual(['a\n', 'b\nc\nd\n', 'e\n']);
  });
});
