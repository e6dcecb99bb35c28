import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openDatabase } from '../../../integrations/duckdb/open-database.ts';
import type { Database } from '../../../integrations/duckdb/open-database.ts';
import { never, writeCaseFolder } from './case-folder.ts';
import type { CaseFolder } from './case-folder.ts';

let folder: CaseFolder;
let database: Database;

beforeAll(async () => {
  folder = await writeCaseFolder({
    'allowed.csv': 'a\n1\n',
    'other.csv': 'a\n2\n',
    "it's.csv": 'a\n3\n',
  });
  database = await openDatabase({
    files: [path.join(folder.dir, 'allowed.csv'), path.join(folder.dir, "it's.csv")],
    prepare: ['CREATE MACRO twice(x) AS 2 * x'],
    memoryMegabytes: 200,
  });
});

afterAll(async () => {
  await database.close();
  folder.remove();
});

const endless = 'SELECT sum(a.range * b.range) FROM range(10000000) a, range(10000000) b';

/** What a statement is refused with. */
async function refusal(sql: string): Promise<string> {
  return database.run(sql, {}, never).then(
    () => 'ran',
    (error: unknown) => String(error),
  );
}

describe('a locked-down database', () => {
  test('reads the files it was opened for, whatever quotes are in their names', async () => {
    const read = (name: string) =>
      database.run('SELECT a FROM read_csv($file)', { file: path.join(folder.dir, name) }, never);
    expect(await read('allowed.csv')).toEqual([{ a: 1n }]);
    expect(await read("it's.csv")).toEqual([{ a: 3n }]);
    expect(await database.run('SELECT twice(21) AS x', {}, never)).toEqual([{ x: 42 }]);
  });

  test.each([
    "SELECT * FROM read_text('/etc/passwd')",
    "SELECT * FROM read_csv('/etc/passwd', columns = {'line': 'VARCHAR'})",
    "SELECT * FROM glob('/etc/*')",
    "ATTACH '/etc/passwd' AS stolen",
    "COPY (SELECT 1) TO '/tmp/holdfast-must-not-exist.csv'",
    "EXPORT DATABASE '/tmp/holdfast-must-not-exist'",
  ])('does not reach the file system: %s', async (sql) => {
    expect(await refusal(sql)).toMatch(/Permission Error|Cannot access|disabled by configuration/);
    await expect(stat('/tmp/holdfast-must-not-exist.csv')).rejects.toMatchObject({
      code: 'ENOENT',
    });
  });

  test('does not read a file beside those it was opened for, nor by a wildcard', async () => {
    expect(await refusal(`SELECT * FROM '${folder.dir}/other.csv'`)).toMatch(/Permission Error/);
    expect(await refusal(`SELECT * FROM '${folder.dir}/*.csv'`)).toMatch(/Permission Error/);
    expect(await refusal(`SELECT * FROM '${folder.dir}/x/../other.csv'`)).toMatch(
      /Permission Error/,
    );
  });

  test('does not write over a file that it reads', async () => {
    expect(await refusal(`COPY (SELECT 9 AS a) TO '${folder.dir}/allowed.csv'`)).toMatch(
      /Permission Error/,
    );
    expect(await readFile(path.join(folder.dir, 'allowed.csv'), 'utf8')).toBe('a\n1\n');
  });

  test('does not reach the network', async () => {
    let requests = 0;
    const server = http.createServer((_request, response) => {
      requests += 1;
      response.end('a\n1\n');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    for (const sql of [
      `SELECT * FROM 'http://127.0.0.1:${port}/x.csv'`,
      `SELECT * FROM read_json('http://127.0.0.1:${port}/x.json')`,
    ]) {
      expect(await refusal(sql)).not.toBe('ran');
    }
    await new Promise((resolve) => server.close(resolve));
    expect(requests).toBe(0);
  });

  test.each([
    'INSTALL httpfs',
    'LOAD httpfs',
    "INSTALL '/tmp/x.duckdb_extension'",
    "LOAD '/tmp/x.duckdb_extension'",
    'FORCE INSTALL spatial FROM community',
  ])('takes no extension: %s', async (sql) => {
    expect(await refusal(sql)).not.toBe('ran');
  });

  test.each([
    'SET enable_external_access = true',
    'SET lock_configuration = false',
    'RESET lock_configuration',
    "SET GLOBAL allowed_directories = ['/']",
    "SET memory_limit = '64GB'",
    "SET temp_directory = '/tmp'",
    'SET threads = 64',
  ])('cannot be unlocked: %s', async (sql) => {
    expect(await refusal(sql)).toMatch(/configuration has been locked|Cannot (change|enable)/);
  });

  test('keeps to its memory, and says so', async () => {
    const hungry = 'SELECT list(repeat(range::VARCHAR, 100)) FROM range(10000000)';
    await expect(database.run(hungry, {}, never)).rejects.toMatchObject({
      code: 'invalid.case',
      message:
        'The telemetry of this case does not fit into the memory a case may use; narrow its window or its files',
    });
  });
});

describe('a statement', () => {
  test('that runs on and on ends soon after its signal fires, with the reason', async () => {
    const stop = new AbortController();
    const running = database.run(endless, {}, stop.signal);
    await database.run('SELECT 1', {}, never);
    const begunAt = performance.now();
    stop.abort(new Error('enough'));
    await expect(running).rejects.toThrow('enough');
    expect(performance.now() - begunAt).toBeLessThan(20_000);
  });

  test('is interrupted also when the signal fires before it has begun', async () => {
    const stop = new AbortController();
    const running = database.run(endless, {}, stop.signal);
    stop.abort(new Error('at once'));
    await expect(running).rejects.toThrow('at once');
    await expect(database.run(endless, {}, AbortSignal.abort(new Error('before')))).rejects.toThrow(
      'before',
    );
  });

  test('leaves others alone when it is interrupted', async () => {
    const stop = new AbortController();
    const stopped = database.run(endless, {}, stop.signal);
    const other = database.run('SELECT count(*) AS n FROM range(20000000)', {}, never);
    stop.abort(new Error('enough'));
    await expect(stopped).rejects.toThrow('enough');
    expect(await other).toEqual([{ n: 20_000_000n }]);
  });
});

describe('closing', () => {
  test('ends what is running, frees the database and may be repeated', async () => {
    const closed = await openDatabase({ files: [], prepare: [], memoryMegabytes: 100 });
    const running = closed.run(endless, {}, never);
    const [, refused] = await Promise.allSettled([closed.close(), running]);
    expect(refused).toMatchObject({ status: 'rejected', reason: { code: 'bug.invariant' } });
    await closed.close();
    await expect(closed.run('SELECT 1', {}, never)).rejects.toMatchObject({
      code: 'bug.invariant',
    });
  });
});
