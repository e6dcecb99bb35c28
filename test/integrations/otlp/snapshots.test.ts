import { randomUUID } from 'node:crypto';
import { appendFile, mkdir, readFile, readdir, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';
import { readCase } from '../../../integrations/duckdb/read-case.ts';
import { createSnapshots } from '../../../integrations/otlp/snapshots.ts';
import type { Snapshots } from '../../../integrations/otlp/snapshots.ts';
import { openTestFolder } from '../../support/test-folder.ts';
import { jsonLines, readDir } from '../duckdb/case-folder.ts';
import { atMs, logsOf, nanos } from '../duckdb/otlp-requests.ts';

const folder = openTestFolder('snapshots');
const minuteMs = 60_000;
/** The clock of these tests: an hour after the recorded instants begin. */
const nowAt = atMs(3_600);
const window = { startAt: atMs(-3_600), endAt: nowAt };
const about = {
  name: 'live-inv-1',
  alert: { title: 'Something hurts', severity: 'error' as const, labels: {} },
  question: null,
  window,
};
let dir = '';
let snapshots: Snapshots;

const line = (seconds: number): string =>
  jsonLines(logsOf({ timeUnixNano: nanos(seconds), body: { stringValue: `at ${seconds}` } }));

beforeEach(() => {
  dir = folder.open();
  snapshots = makeSnapshots({ maxAgeMs: 24 * 60 * minuteMs, maxBytes: 1_000_000 });
});

afterAll(() => folder.remove());

function makeSnapshots(limits: { readonly maxAgeMs: number; readonly maxBytes: number }) {
  return createSnapshots({
    folder: join(dir, 'snapshots'),
    telemetryFolder: join(dir, 'telemetry'),
    limits,
    findChanges: () => Promise.resolve([]),
    now: () => nowAt,
    newName: randomUUID,
  });
}

/** Keeps a segment of logs that was opened at, and last written, so many minutes ago. */
async function keep(content: string, openedAgo: number, writtenAgo: number): Promise<string> {
  const logs = join(dir, 'telemetry', 'logs');
  await mkdir(logs, { recursive: true });
  const file = join(logs, `${nowAt - openedAgo * minuteMs}-7-1.jsonl`);
  await writeFile(file, content);
  const writtenAt = new Date(nowAt - writtenAgo * minuteMs);
  await utimes(file, writtenAt, writtenAt);
  return file;
}

async function bodiesOf(caseDir: string): Promise<readonly string[]> {
  const { rows } = await readDir(caseDir, (telemetry) =>
    telemetry.logs({ window, limit: 100 }, new AbortController().signal),
  );
  return rows.map(({ body }) => body);
}

describe('a snapshot', () => {
  test('is a case of what is kept, which begins when that does', async () => {
    await keep(line(10) + line(20), 59, 58);
    await keep(line(30), 57, 56);
    const { dir: taken, segments } = await snapshots.take('inv-1', about);
    expect(taken).toBe(snapshots.dirOf('inv-1'));
    expect(segments).toBe(2);
    expect(await bodiesOf(taken)).toEqual(['at 10', 'at 20', 'at 30']);
    const manifest = await readCase(taken);
    expect(manifest).toMatchObject({ name: 'live-inv-1', alert: about.alert });
    expect(Object.keys(manifest.telemetry)).toEqual(['logs']);
    expect(Date.parse(manifest.window.start)).toBe(atMs(10));
    expect(Date.parse(manifest.window.end)).toBe(nowAt);
  });

  test('stays as it was while more arrives, and counts complete lines only', async () => {
    const open = await keep(`${line(10)}{"resourceLogs":[{"reso`, 1, 0);
    const { dir: taken } = await snapshots.take('inv-1', about);
    await appendFile(open, `urce":{}}]}\n${line(20)}`);
    expect(await bodiesOf(taken)).toEqual(['at 10']);
  });

  test('leaves out the end of a line that a killed receiver never finished', async () => {
    await keep(`${line(10)}{"resourceLogs":[{"reso`, 59, 58);
    const { dir: taken } = await snapshots.take('inv-1', about);
    expect(await bodiesOf(taken)).toEqual(['at 10']);
  });

  test('outlives the segments that it is of, at no cost of space until then', async () => {
    const file = await keep(line(10), 59, 58);
    const { dir: taken } = await snapshots.take('inv-1', about);
    expect((await stat(file)).nlink).toBe(2);
    expect(await bodiesOf(taken)).toEqual(['at 10']);
  });

  test('is replaced by the next one of the same investigation', async () => {
    await keep(line(10), 59, 58);
    await snapshots.take('inv-1', about);
    await keep(line(20), 57, 56);
    const { dir: taken } = await snapshots.take('inv-1', about);
    expect(await bodiesOf(taken)).toEqual(['at 10', 'at 20']);
    expect(await readdir(join(dir, 'snapshots'))).toEqual(['inv-1']);
  });

  test('holds what arrived in the window or soon after it, and nothing else', async () => {
    await keep(line(-7_300), 185, 182);
    await keep(line(10), 59, 58);
    const early = { ...about, window: { startAt: atMs(-60), endAt: atMs(60) } };
    const { segments } = await snapshots.take('inv-1', early);
    expect(segments).toBe(1);
  });

  test('may be taken of many investigations at once', async () => {
    await keep(line(10), 59, 58);
    const ids = Array.from({ length: 20 }, (_, index) => `inv-${index}`);
    await Promise.all([...ids, ...ids.slice(0, 5)].map((id) => snapshots.take(id, about)));
    expect((await readdir(join(dir, 'snapshots'))).toSorted()).toEqual(ids.toSorted());
  });

  test('of nothing is a case that says so', async () => {
    const { dir: taken, segments } = await snapshots.take('inv-1', about);
    expect(segments).toBe(0);
    expect((await readCase(taken)).telemetry).toEqual({});
  });

  test('names itself and its question as they were given, whatever they hold', async () => {
    const question = 'window: {}\n# "why"?';
    const alert = { ...about.alert, title: '*a: &b', description: 'yes\u2028no: [' };
    const { dir: taken } = await snapshots.take('inv-1', { ...about, question, alert });
    expect(await readCase(taken)).toMatchObject({ question, alert });
  });
});

describe('room for snapshots', () => {
  async function age(id: string, hours: number): Promise<void> {
    const at = new Date(nowAt - hours * 60 * minuteMs);
    await utimes(snapshots.dirOf(id), at, at);
  }

  test('is made by age: a day, also of what was never finished', async () => {
    await keep(line(10), 59, 58);
    await snapshots.take('inv-1', about);
    await snapshots.take('inv-2', about);
    await mkdir(join(dir, 'snapshots', '.unfinished-1'));
    await Promise.all([age('inv-1', 25), age('inv-2', 23), age('.unfinished-1', 25)]);
    await snapshots.take('inv-3', about);
    expect((await readdir(join(dir, 'snapshots'))).toSorted()).toEqual(['inv-2', 'inv-3']);
  });

  test('is made where nobody asks for another snapshot, too', async () => {
    await snapshots.makeRoom();
    await keep(line(10), 59, 58);
    await snapshots.take('inv-1', about);
    await age('inv-1', 25);
    await snapshots.makeRoom();
    expect(await readdir(join(dir, 'snapshots'))).toEqual([]);
  });

  test('is made by size, the oldest first, but not of those that may be at work', async () => {
    const file = await keep(line(10), 1, 0);
    const bytes = (await readFile(file)).length;
    snapshots = makeSnapshots({ maxAgeMs: 24 * 60 * minuteMs, maxBytes: 2 * bytes + 1_500 });
    for (const id of ['inv-1', 'inv-2', 'inv-3', 'inv-4']) {
      await snapshots.take(id, about);
    }
    await Promise.all([age('inv-1', 3), age('inv-2', 2), age('inv-3', 0.5), age('inv-4', 0.2)]);
    await snapshots.take('inv-5', about);
    const left = (await readdir(join(dir, 'snapshots'))).toSorted();
    expect(left).not.toContain('inv-1');
    expect(left).toEqual(expect.arrayContaining(['inv-3', 'inv-4', 'inv-5']));
  });
});
