import { spawn } from 'node:child_process';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { Server } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { startPostgres } from '../../scripts/postgres.ts';
import type { RunningPostgres } from '../../scripts/postgres.ts';
import { projectRoot } from '../../scripts/project-root.ts';
import { somePort } from '../support/some-port.ts';
import { waitUntil } from '../support/wait-until.ts';
import { openTestFolder } from '../support/test-folder.ts';

const folders = openTestFolder('postgres');
let folder = '';
let dataDir: string;

beforeAll(() => {
  folder = folders.open();
  dataDir = join(folder, 'postgres');
});
afterAll(() => folders.remove());

function start(port = somePort()): Promise<RunningPostgres> {
  const tell = (): void => undefined;
  return startPostgres({
    dataDir,
    persistent: true,
    tell,
    port,
  });
}

async function query(connectionString: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString });
  client.on('error', () => undefined); // the query rejects with it
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

test('data and password last over a stop and a start; the password is for the owner alone', async () => {
  const first = await start();
  await query(first.connectionString, 'create table kept as select 42 as answer');
  await first.stop();
  await first.exited;
  const second = await start(first.port);
  expect(second.connectionString).toBe(first.connectionString);
  expect(await query(second.connectionString, 'table kept')).toEqual([{ answer: 42 }]);
  expect((await stat(`${dataDir}.password`)).mode & 0o777).toBe(0o600);
  const safety = `select current_setting('fsync') || current_setting('synchronous_commit') || current_setting('listen_addresses') as set`;
  expect(await query(second.connectionString, safety)).toEqual([{ set: 'onon127.0.0.1' }]);
  await second.stop();
});

test('starts after the server was killed while a session of it still works', async () => {
  const first = await start();
  const watcher = new pg.Client({ connectionString: first.connectionString });
  watcher.on('error', () => undefined); // the kill below cuts it
  await watcher.connect();
  const busy = query(
    first.connectionString,
    'select count(*) from generate_series(1, 20000000)',
  ).catch(() => 'cut');
  await waitUntil('the session to work', async () => {
    const text = `select 1 from pg_stat_activity where state = 'active' and query like '%generate_series(%' and pid <> pg_backend_pid()`;
    return (await watcher.query(text)).rows.length === 1;
  });
  process.kill(first.pid, 'SIGKILL');
  await first.exited;
  const second = await start(first.port);
  expect(await query(second.connectionString, 'table kept')).toEqual([{ answer: 42 }]);
  await second.stop();
  await busy;
});

test('a server that its starter left behind is ended first', async () => {
  const left = await start();
  const next = await start(left.port);
  await left.exited;
  expect(next.port).toBe(left.port);
  expect(next.pid).not.toBe(left.pid);
  await next.stop();
});

test('a pid file whose number belongs to another program now is no hindrance', async () => {
  const first = await start();
  process.kill(first.pid, 'SIGKILL');
  await first.exited;
  const stranger = spawn('sleep', ['60'], process.getuid?.() === 0 ? await account() : {});
  const file = join(dataDir, 'postmaster.pid');
  const [, ...rest] = (await readFile(file, 'utf8')).split('\n');
  await writeFile(file, [String(stranger.pid), ...rest].join('\n'));
  const second = await start();
  expect(stranger.exitCode ?? stranger.signalCode).toBeNull();
  stranger.kill();
  await second.stop();
});

test('takes another port when the asked one is taken', async () => {
  const taken = await listen();
  const address = taken.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const server = await start(port);
  expect(server.port).not.toBe(port);
  await server.stop();
  taken.close();
});

test('a folder that was left half-made is made anew', async () => {
  const other = join(folder, 'half');
  await mkdir(join(`${other}.part`, 'base'), { recursive: true });
  const server = await startPostgres({ dataDir: other, persistent: false, tell: () => undefined });
  expect(await query(server.connectionString, 'select 1 as one')).toEqual([{ one: 1 }]);
  await server.stop();
  await expect(stat(other)).rejects.toMatchObject({ code: 'ENOENT' });
  await expect(stat(`${other}.password`)).rejects.toMatchObject({ code: 'ENOENT' });
});

test('the server ends, and its data go, with the process that started it, even when that is killed', async () => {
  const other = join(folder, 'leashed');
  const script = `
    import { startPostgres } from './scripts/postgres.ts';
    const server = await startPostgres({ dataDir: ${JSON.stringify(other)}, persistent: false, tell: () => undefined });
    process.stdout.write(String(server.pid));
  `;
  const args = ['--import', 'tsx', '--input-type=module', '--eval', script];
  const child = spawn(process.execPath, args, {
    cwd: projectRoot(),
    env: { ...process.env, NODE_OPTIONS: '' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let pid = '';
  child.stdout.on('data', (chunk: Buffer) => (pid += chunk.toString()));
  await waitUntil('the server to run', () => pid !== '');
  child.kill('SIGKILL');
  await waitUntil('the server to be gone', () => !isRunning(Number(pid)));
  const isGone = async (path: string): Promise<boolean> =>
    (await stat(path).catch(() => null)) === null;
  await waitUntil('its password to be gone', () => isGone(`${other}.password`));
  expect(await isGone(other)).toBe(true);
});

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** The owner of the data: only its processes are mistaken for a server. */
async function account(): Promise<{ readonly uid: number; readonly gid: number }> {
  const { uid, gid } = await stat(dataDir);
  return { uid, gid };
}

function listen(): Promise<Server> {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen({ host: '127.0.0.1', port: 0 }, () => resolve(server));
  });
}
