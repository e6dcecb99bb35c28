import { rename, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { openCase } from '../../../integrations/duckdb/open-case.ts';
import type { OpenCase } from '../../../integrations/duckdb/open-case.ts';
import { jsonLines, manifest, never, writeCaseFolder } from './case-folder.ts';

const undo: (() => Promise<void> | void)[] = [];

async function open(
  files: Readonly<Record<string, string>>,
): Promise<{ readonly dir: string; readonly opened: OpenCase }> {
  const folder = await writeCaseFolder(files);
  const opened = await openCase({ dir: folder.dir });
  undo.push(opened.close, folder.remove);
  return { dir: folder.dir, opened };
}

afterEach(async () => {
  for (const step of undo.splice(0)) await step();
});

const logs = jsonLines({ time: '2026-11-20T09:00:00Z', body: 'first' });
const both = manifest([
  'logs: [{ files: [logs.jsonl], format: jsonl }]',
  'changes: [{ files: [changes.jsonl], format: jsonl }]',
]);
const manyLogs = jsonLines(
  ...Array.from({ length: 50_000 }, (_none, index) => ({
    time: '2026-11-20T09:00:00Z',
    body: `line ${index}`,
  })),
);

describe('openCase', () => {
  test('gives the window of the manifest in epoch milliseconds', async () => {
    const { opened } = await open({ 'incident.yaml': manifest() });
    expect(opened.window).toEqual({
      startAt: Date.parse('2026-11-20T09:00:00Z'),
      endAt: Date.parse('2026-11-20T10:00:00Z'),
    });
  });

  test('loads a kind when it is asked for, and no other', async () => {
    const { opened } = await open({
      'incident.yaml': both,
      'logs.jsonl': logs,
      'changes.jsonl': 'broken\n',
    });
    const query = { window: opened.window, limit: 10 };
    expect((await opened.logs(query, never)).rows).toHaveLength(1);
    await expect(opened.changes(query, never)).rejects.toMatchObject({
      message: 'changes.jsonl:1: is not valid JSON',
    });
    await expect(opened.coverage(never)).rejects.toMatchObject({
      message: 'changes.jsonl:1: is not valid JSON',
    });
    expect((await opened.logs(query, never)).rows).toHaveLength(1);
  });

  test('loads a kind once, however many ask at once or later', async () => {
    const { dir, opened } = await open({ 'incident.yaml': both, 'logs.jsonl': logs });
    const query = { window: opened.window, limit: 10 };
    const reads = await Promise.all(Array.from({ length: 8 }, () => opened.logs(query, never)));
    expect(reads.map(({ rows }) => rows.length)).toEqual(reads.map(() => 1));
    await writeFile(path.join(dir, 'logs.jsonl'), 'changed on disk');
    expect((await opened.logs(query, never)).rows[0]?.body).toBe('first');
  });

  test('loads again after a load that failed', async () => {
    const { dir, opened } = await open({ 'incident.yaml': both, 'logs.jsonl': 'broken\n' });
    const query = { window: opened.window, limit: 10 };
    await expect(opened.logs(query, never)).rejects.toMatchObject({ code: 'invalid.case' });
    await writeFile(path.join(dir, 'logs.jsonl'), logs);
    expect((await opened.logs(query, never)).rows).toHaveLength(1);
  });

  test('rejects who gives up with the reason, and still serves who waits', async () => {
    const { opened } = await open({ 'incident.yaml': both, 'logs.jsonl': manyLogs });
    const query = { window: opened.window, limit: 10 };
    const stop = new AbortController();
    const impatient = opened.logs(query, stop.signal);
    const patient = opened.logs(query, never);
    stop.abort(new Error('no longer needed'));
    await expect(impatient).rejects.toThrow('no longer needed');
    expect((await patient).truncated).toBe('49990 of 50000 rows not read, only the first 10');
  });

  test('loads one kind while others are read', async () => {
    const { opened } = await open({
      'incident.yaml': both,
      'logs.jsonl': manyLogs,
      'changes.jsonl': jsonLines({ time: '2026-11-20T09:00:00Z', kind: 'deploy' }),
    });
    const query = { window: opened.window, limit: 50_000 };
    await opened.logs(query, never);
    const reads = [
      opened.logs(query, never),
      opened.changes(query, never),
      opened.logs(query, never),
    ];
    expect((await Promise.all(reads)).map(({ rows }) => rows.length)).toEqual([50_000, 1, 50_000]);
    expect((await opened.coverage(never)).map(({ rows }) => rows)).toEqual([50_000, 1]);
  });

  test('can be asked again after all gave up', async () => {
    const { opened } = await open({ 'incident.yaml': both, 'logs.jsonl': manyLogs });
    const query = { window: opened.window, limit: 10 };
    const stop = new AbortController();
    const impatient = opened.logs(query, stop.signal);
    stop.abort(new Error('no longer needed'));
    await expect(impatient).rejects.toThrow('no longer needed');
    await expect(opened.coverage(AbortSignal.abort(new Error('too late')))).rejects.toThrow(
      'too late',
    );
    expect((await opened.logs(query, never)).rows).toHaveLength(10);
  });

  test('refuses a file that became a link after the case was opened', async () => {
    const { dir, opened } = await open({ 'incident.yaml': both, 'logs.jsonl': logs });
    await rename(path.join(dir, 'logs.jsonl'), path.join(dir, 'moved.jsonl'));
    await symlink('/etc/passwd', path.join(dir, 'logs.jsonl'));
    await expect(opened.logs({ window: opened.window, limit: 10 }, never)).rejects.toMatchObject({
      code: 'invalid.case-path',
      message: 'logs.jsonl: "logs.jsonl" is no longer a regular file inside the case folder',
    });
  });

  test('reads a case under a folder whose name has quotes, blanks and brackets', async () => {
    const folder = await writeCaseFolder({
      "it's a [case]/incident.yaml": both,
      "it's a [case]/logs.jsonl": logs,
    });
    const opened = await openCase({ dir: path.join(folder.dir, "it's a [case]") });
    undo.push(opened.close, folder.remove);
    expect((await opened.logs({ window: opened.window, limit: 10 }, never)).rows).toHaveLength(1);
  });

  test('lets nothing be read once it is closed', async () => {
    const { opened } = await open({ 'incident.yaml': both, 'logs.jsonl': logs });
    await opened.close();
    await expect(opened.logs({ window: opened.window, limit: 10 }, never)).rejects.toMatchObject({
      code: 'bug.invariant',
    });
  });
});
