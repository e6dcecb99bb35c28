import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { supervise, type Supervised } from '../../../scripts/stack/supervise.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { openTestFolder } from '../../support/test-folder.ts';

const folders = openTestFolder('supervise');
let folder = '';
let running: Supervised[] = [];
beforeEach(() => {
  folder = folders.open();
  running = [];
});
afterEach(async () => {
  await Promise.all(running.map((one) => one.stop()));
  folders.remove();
});

function isGone(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch {
    return true;
  }
}

async function start(
  script: string,
  more: Partial<Parameters<typeof supervise>[0]> = {},
): Promise<Supervised> {
  const one = await supervise({
    name: 'probe',
    command: process.execPath,
    args: ['--eval', script],
    env: { PATH: process.env['PATH'] },
    ...more,
  });
  running.push(one);
  return one;
}

describe('supervise', () => {
  test('starts a killed process again, with another pid', async () => {
    const one = await start('setInterval(() => {}, 1000)');
    const first = one.pid();
    one.kill9();
    await waitUntil('its next life', () => one.restarts() === 1 && one.pid() !== null);
    expect(one.pid()).not.toBe(first);
  });

  test('is ready when the program says so, not before', async () => {
    const sign = join(folder, 'ready');
    const one = await start(
      `setTimeout(() => require('fs').writeFileSync(${JSON.stringify(sign)}, ''), 200); setInterval(() => {}, 1000)`,
      { ready: async () => readFileSync(sign, 'utf8') === '' },
    );
    expect(readFileSync(sign, 'utf8')).toBe('');
    expect(one.restarts()).toBe(0);
  });

  test('rejects with the reason when a program never gets ready', async () => {
    await expect(start('process.exit(3)', { ready: async () => false })).rejects.toThrow(
      /probe died 3 times in a row.*exit 3/,
    );
  });

  test('rejects when there is no such program', async () => {
    await expect(
      start('', { command: join(folder, 'none'), ready: async () => false }),
    ).rejects.toThrow(/ENOENT/);
  });

  test('gives up, and says so, when a program that was ready dies again and again', async () => {
    const reasons: string[] = [];
    await start('', {
      ...{ command: '/bin/sh', args: ['-c', 'exit 4'] },
      onGiveUp: (reason) => reasons.push(reason),
    });
    await waitUntil('it is given up', () => reasons.length > 0);
    expect(reasons).toEqual([expect.stringMatching(/died 8 times in a row.*exit 4/)]);
  });

  test('stops what the program has started, too', async () => {
    const note = join(folder, 'grandchild');
    const one = await start(
      `const child = require('child_process').spawn('sleep', ['600']);
       require('fs').writeFileSync(${JSON.stringify(note)}, String(child.pid)); setInterval(() => {}, 1000)`,
      { ready: async () => Number(readFileSync(note, 'utf8')) > 0 },
    );
    const grandchild = Number(readFileSync(note, 'utf8'));
    const pid = one.pid() ?? 0;
    await one.stop();
    await waitUntil('both are gone', () => isGone(pid) && isGone(grandchild));
    expect(one.pid()).toBeNull();
  });

  test('kills a program that does not want to end', async () => {
    const sign = join(folder, 'deaf');
    const one = await start(
      `process.on('SIGTERM', () => {}); require('fs').writeFileSync(${JSON.stringify(sign)}, ''); setInterval(() => {}, 1000)`,
      { graceMs: 200, ready: async () => readFileSync(sign, 'utf8') === '' },
    );
    const pid = one.pid() ?? 0;
    await one.stop();
    expect(isGone(pid)).toBe(true);
  });

  test('gives the program the environment it names and nothing else', async () => {
    const note = join(folder, 'environment');
    process.env['HOLDFAST_TEST_LEAK'] = 'leaked';
    await start(
      `require('fs').writeFileSync(${JSON.stringify(note)}, JSON.stringify(process.env)); setInterval(() => {}, 1000)`,
      {
        env: { PATH: process.env['PATH'], GIVEN: 'yes' },
        ready: async () => readFileSync(note, 'utf8').endsWith('}'),
      },
    );
    delete process.env['HOLDFAST_TEST_LEAK'];
    expect(JSON.parse(readFileSync(note, 'utf8'))).toEqual(
      expect.not.objectContaining({ HOLDFAST_TEST_LEAK: expect.anything() }),
    );
  });

  test('ends the program when the supervisor itself is killed', async () => {
    const note = join(folder, 'pid');
    const supervisor = join(folder, 'supervisor.mts');
    writeFileSync(
      supervisor,
      `import { supervise } from ${JSON.stringify(join(process.cwd(), 'scripts/stack/supervise.ts'))};
       import { writeFileSync } from 'node:fs';
       const one = await supervise({ name: 'inner', command: 'sleep', args: ['600'], env: { PATH: process.env.PATH } });
       writeFileSync(${JSON.stringify(note)}, String(one.pid()));
       setInterval(() => {}, 1000);`,
    );
    const outer = await start('', {
      args: ['--import', 'tsx', supervisor],
      cwd: process.cwd(),
      ready: async () => Number(readFileSync(note, 'utf8')) > 0,
    });
    const inner = Number(readFileSync(note, 'utf8'));
    expect(isGone(inner)).toBe(false);
    process.kill(outer.pid() ?? 0, 'SIGKILL');
    await waitUntil('it is gone', () => isGone(inner));
  });
});
