import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ensureGrantKeys } from '../../integrations/identity/grant-keys.ts';
import { ensureToken } from '../../integrations/identity/tokens.ts';
import { projectRoot } from '../../scripts/project-root.ts';
import { freePort } from '../../scripts/stack/free-port.ts';
import { linesIn } from '../integrations/otlp/kept-files.ts';
import { encode, logWith, logsOf } from '../integrations/otlp/otlp-messages.ts';
import { builtFile } from '../support/built-product.ts';
import { createTestDatabase } from '../support/database.ts';
import type { TestDatabase } from '../support/database.ts';
import { somePort } from '../support/some-port.ts';
import { waitUntil } from '../support/wait-until.ts';
import { casesFolder } from './support/api.ts';
import { readStream } from './support/read-stream.ts';
import { openTestFolder } from '../support/test-folder.ts';

const folders = openTestFolder('server');
let folder = '';
let database: TestDatabase;
let environment: Readonly<Record<string, string>> = {};

beforeAll(async () => {
  folder = folders.open();
  database = await createTestDatabase();
  const tokenFile = await ensureToken(folder, 'ana');
  const { privateKeyFile } = await ensureGrantKeys(folder);
  environment = {
    PATH: process.env['PATH'] ?? '',
    DATABASE_URL: database.connectionString,
    TEMPORAL_ADDRESS: '127.0.0.1:9',
    HOLDFAST_PORT: '18580',
    HOLDFAST_OTLP_PORT: '0',
    HOLDFAST_STATE_DIR: folder,
    HOLDFAST_CASES: casesFolder,
    HOLDFAST_TOKENS_FILE: tokenFile,
    HOLDFAST_GRANT_PRIVATE_KEY_FILE: privateKeyFile,
  };
});

afterAll(async () => {
  folders.remove();
  await database?.drop();
});

interface Started {
  readonly process: ChildProcess;
  readonly output: () => string;
  readonly errors: () => string;
  readonly ended: Promise<number | null>;
}

function startServer(changes: Readonly<Record<string, string>> = {}): Started {
  const child = spawn(process.execPath, [builtFile('api/server')], {
    cwd: projectRoot(),
    env: { ...environment, ...changes },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let errors = '';
  child.stdout.on('data', (text: Buffer) => (output += text.toString()));
  child.stderr.on('data', (text: Buffer) => (errors += text.toString()));
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  return { process: child, output: () => output, errors: () => errors, ended };
}

async function urlOf(server: Started): Promise<string> {
  await waitUntil('the API to be ready', () => server.output().includes('api ready'), 30_000);
  const line =
    server
      .output()
      .split('\n')
      .find((one) => one.includes('api ready')) ?? '{}';
  return (JSON.parse(line) as { readonly url: string }).url;
}

describe('the API process', () => {
  test('AU-90 serves without Temporal, keeps what it accepts over a kill, and ends on SIGTERM', async () => {
    const first = startServer();
    const url = await urlOf(first);
    expect(JSON.parse(await readFile(join(folder, 'api.json'), 'utf8'))).toMatchObject({ url });
    expect((await fetch(`${url}/health`)).status).toBe(200);
    expect((await fetch(`${url}/ready`)).status).toBe(503);
    const accepted = await fetch(`${url}/api/v1/investigations`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"case":"quiet-night"}',
    });
    expect(accepted.status).toBe(202);
    const { id } = (await accepted.json()) as { readonly id: string };
    first.process.kill('SIGKILL');
    await first.ended;

    const second = startServer();
    const again = await urlOf(second);
    const kept = await fetch(`${again}/api/v1/investigations/${id}`);
    expect(await kept.json()).toMatchObject({ id, status: 'accepted' });
    const stream = readStream(`${again}/api/v1/investigations/${id}/events`, {
      // Once: a second one ends it at once.
      onText: (text) => text.includes('event: stopping') || second.process.kill('SIGTERM'),
    });
    expect(await stream).toMatchObject({
      hasEnded: true,
      text: expect.stringMatching(/event: stopping\ndata: \{"retryMs":\d+\}\n\n$/),
    });
    expect(await second.ended).toBe(0);
    expect(second.output()).toContain('api stopped');
    await expect(readFile(join(folder, 'api.json'))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test('has on the disk the telemetry that it acknowledged, on either port, when it is killed', async () => {
    const otlpPort = await freePort(somePort());
    const server = startServer({ HOLDFAST_OTLP_PORT: String(otlpPort) });
    const urls = [await urlOf(server), `http://127.0.0.1:${otlpPort}`];
    const acknowledged: string[] = [];
    const sendUntilKilled = async (sender: number): Promise<void> => {
      for (let count = 0; ; count += 1) {
        const name = `sender ${sender} record ${count}.`;
        const log = logWith({ body: { stringValue: name } }, Date.now());
        const answer = await fetch(`${urls[sender % urls.length]}/v1/logs`, {
          method: 'POST',
          headers: { 'content-type': 'application/x-protobuf' },
          body: encode('logs', 'protobuf', logsOf([log])),
        });
        if (answer.status === 200) acknowledged.push(name);
        if (acknowledged.length === 200) server.process.kill('SIGKILL');
      }
    };
    const senders = Array.from({ length: 6 }, (_, sender) => sendUntilKilled(sender));
    const ends = await Promise.allSettled(senders);
    expect(ends.every(({ status }) => status === 'rejected')).toBe(true);
    await server.ended;
    const kept = (await linesIn(join(folder, 'telemetry'), 'logs')).join('');
    const atSecondPort = acknowledged.filter((name) => name.startsWith('sender 1 '));
    expect([acknowledged.length >= 200, atSecondPort.length > 0]).toEqual([true, true]);
    expect(acknowledged.filter((name) => !kept.includes(name))).toEqual([]);
  });

  test('RT-92 refuses to start on a missing or bad setting, and says which and what to do', async () => {
    const server = startServer({
      DATABASE_URL: '',
      HOLDFAST_PORT: 'eighty',
      HOLDFAST_HOST: '0.0.0.0',
    });
    expect(await server.ended).toBe(2);
    expect(server.errors()).toContain('invalid.config');
    expect(server.errors()).toContain('DATABASE_URL is missing');
    expect(server.errors()).toContain('HOLDFAST_PORT is "eighty": it must be a whole number');
    expect(server.errors()).not.toMatch(/\n\s+at /);
  });

  test.each([
    [
      'beyond loopback without tokens',
      { HOLDFAST_HOST: '0.0.0.0', HOLDFAST_TOKENS_FILE: '' },
      'beyond loopback',
    ],
    [
      'with a key that cannot be read',
      { HOLDFAST_GRANT_PRIVATE_KEY_FILE: '/none.pem' },
      '/none.pem, which cannot be read',
    ],
  ])(
    'RT-92 refuses to start %s',
    async (_what, changes, says) => {
      const server = startServer(changes);
      expect(await server.ended).toBe(2);
      expect(server.errors()).toContain(says);
    },
    30_000,
  );

  test('RT-92 refuses to start with tokens of nobody', async () => {
    const file = join(folder, 'bad-tokens');
    await writeFile(file, 'ana not-a-hash\n');
    const server = startServer({ HOLDFAST_TOKENS_FILE: file });
    expect(await server.ended).toBe(2);
    expect(server.errors()).toContain(`${file}, which is wrong in line 1`);
  });
});
