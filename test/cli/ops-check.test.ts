import { readFile, writeFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { projectRoot } from '../../scripts/project-root.ts';
import { createOpsDocument } from '../../scripts/ops-document.ts';
import { startService } from '../examples/start-service.ts';
import type { RunningService } from '../examples/start-service.ts';
import { startTarget } from '../integrations/ops/target.ts';
import type { Received } from '../integrations/ops/target.ts';
import { runHere } from './run-here.ts';
import { openTestFolder } from '../support/test-folder.ts';

const folders = openTestFolder('ops');
let folder = '';
let shop: RunningService;

beforeAll(async () => {
  folder = folders.open();
  const revisions = ['--revision', 'checkout-r118', '--previous-revision', 'checkout-r117'];
  shop = await startService(['--name', 'checkout', '--port', '0', '--state', folder, ...revisions]);
  await writeFile(join(folder, 'token'), `${shop.token}\n`);
});
afterAll(async () => {
  await shop?.kill();
  folders.remove();
});

interface Held {
  readonly state: string;
  readonly demand: string;
  readonly found: string;
}

async function failuresOf(
  answer: (request: Received, response: ServerResponse) => void,
): Promise<readonly string[]> {
  const target = await startTarget(answer);
  const run = await runHere(['ops', 'check', target.url, '--writes', '--json'], {
    HOLDFAST_OPS_TOKEN: 'secret-of-the-test',
  });
  await target.close();
  expect(run.code).toBe(2);
  expect(`${run.stdout}${run.stderr}`).not.toContain('secret-of-the-test');
  const held = JSON.parse(run.stdout) as readonly Held[];
  return held.filter(({ state }) => state === 'fail').map(({ demand }) => demand);
}

describe('holdfast ops check', () => {
  test('RT-95 the demo shop keeps the published contract, also of keys, and nothing is changed in it', async () => {
    const before = await (await shop.ops('/status')).json();
    const token = ['--token-file', join(folder, 'token')];
    const run = await runHere(['ops', 'check', shop.url, ...token, '--writes'], {});
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(run.stdout).not.toContain('fail');
    expect(run.stdout).toContain('the same key gets the same answer');
    expect(await (await shop.ops('/status')).json()).toEqual(before);
    const published = await readFile(join(projectRoot(), 'docs', 'ops-openapi.json'), 'utf8');
    expect(JSON.parse(published)).toEqual(JSON.parse(JSON.stringify(createOpsDocument())));
  });

  test('RT-95 a service that says yes to everything fails every demand for a refusal', async () => {
    let count = 0;
    const failures = await failuresOf((_, response) => {
      count += 1;
      const body = { service: 's', revision: 'r2', previousRevision: 'r1', key: 'k', count };
      response.writeHead(200).end(JSON.stringify({ ...body, state: 'applied' }));
    });
    expect(failures).toEqual([
      'no token is refused',
      'a wrong token is refused',
      'an unknown key is 404',
      'a rollback without a key is refused',
      'what is no rollback is refused',
      'a release that is not there is refused',
      'the same key gets the same answer',
      'the same key for another request is refused',
    ]);
  });

  test('RT-95 a body that lacks what is read from it is named by its field', async () => {
    const target = await startTarget((_, response) => response.writeHead(200).end('{}'));
    const run = await runHere(['ops', 'check', target.url], {});
    await target.close();
    expect(run.code).toBe(2);
    expect(run.stdout).toMatch(/fail +status names the releases +service: /);
  });

  test('says what cannot be asked: no address, no answer, no token file', async () => {
    const addresses = ['ftp://x', 'nowhere', 'http://u:p@localhost:1'];
    for (const url of addresses) {
      expect(await runHere(['ops', 'check', url], {})).toMatchObject({ code: 2, stdout: '' });
    }
    const silent = await runHere(['ops', 'check', 'http://127.0.0.1:9'], {});
    expect(silent).toMatchObject({ code: 5, stderr: expect.stringContaining('not answered') });
    const noFile = ['ops', 'check', shop.url, '--token-file', join(folder, 'none')];
    expect(await runHere(noFile, {})).toMatchObject({ code: 2 });
  });
});
