import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { projectRoot } from '../../scripts/project-root.ts';
import { freePort } from '../../scripts/stack/free-port.ts';
import { somePort } from '../support/some-port.ts';
import { copyProject } from '../house/project-copy.ts';
import type { ProjectCopy } from '../house/project-copy.ts';

/** The first thing that a newcomer runs, in a copy of the project with nothing of its own: no state, no settings, no account, no key. */
let copy: ProjectCopy;
const squatter = createServer();
let taken = 0;

beforeAll(async () => {
  copy = copyProject();
  chmodSync(copy.folder, 0o755); // the OS user of PostgreSQL has to enter it
  cpSync(join(projectRoot(), 'examples/incidents'), join(copy.folder, 'examples/incidents'), {
    recursive: true,
  });
  mkdirSync(join(copy.folder, '.holdfast'));
  symlinkSync(join(projectRoot(), '.holdfast/bin'), join(copy.folder, '.holdfast/bin'));
  taken = await freePort(somePort());
  await new Promise<void>((resolve, reject) => {
    squatter.once('error', reject).listen(taken, '127.0.0.1', resolve);
  });
}, 240_000);

afterAll(() => {
  squatter.close();
  copy.dispose();
});

function runDemo(): Promise<{ readonly code: number | null; readonly output: string }> {
  const child = spawn('npm', ['run', '--silent', 'demo', '--', '--approve'], {
    cwd: copy.folder,
    env: {
      ...{ PATH: process.env['PATH'], HOME: join(copy.folder, '.holdfast') },
      HOLDFAST_PORT: String(taken),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  }
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, output })));
}

describe('npm run demo', () => {
  test('AU-86 AU-92 one command without credentials starts everything, also where a port is taken, finds the cause, carries the approved write out and leaves nothing running', async () => {
    const { code, output } = await runDemo();
    expect({ code, output }).toMatchObject({
      code: 0,
      output: expect.stringContaining('bad-deploy'),
    });
    expect(output).toMatch(/ev-[0-9a-f]{16}/);
    expect(output).toMatch(/holdfast approve act-/);
    expect(output).toMatch(/\bapplied\b/);
    const apiUrl = /http:\/\/127\.0\.0\.1:(\d+)\/api\/v1\/investigations\/inv-/.exec(output);
    expect(Number(apiUrl?.[1])).toBeGreaterThan(taken);
    expect(output).toMatch(/http:\/\/127\.0\.0\.1:\d+\/namespaces\/default\/workflows\/inv-/);
    const { stdout } = spawnSync('ps', ['-eo', 'args='], { encoding: 'utf8' });
    expect(stdout.split('\n').filter((line) => line.includes(copy.folder))).toEqual([]);
  }, 240_000);
});
