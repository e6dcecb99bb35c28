import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { isAlive, processMark, withLock } from '../../scripts/lock.js';
import { openTestFolder } from '../support/test-folder.ts';

const folders = openTestFolder('lock');
let folder = '';
beforeAll(() => {
  folder = folders.open();
});
afterAll(() => folders.remove());

describe('a process mark', () => {
  test('is alive for this process, and dead once the process has ended', async () => {
    expect(isAlive(processMark(process.pid))).toBe(true);
    const child = spawn(process.execPath, ['--eval', '']);
    const mark = processMark(child.pid ?? 0);
    await new Promise((resolve) => child.once('exit', resolve));
    expect(isAlive(mark)).toBe(false);
  });

  test('of an earlier process with the same pid is dead', () => {
    const [pid = ''] = processMark(process.pid).split(':');
    expect(isAlive(`${pid}:1`)).toBe(false);
  });

  test.each(['', 'x', '-1:5', '0', '1.5:2'])('that is unreadable (%j) is dead', (mark) => {
    expect(isAlive(mark)).toBe(false);
  });
});

describe('withLock', () => {
  test('lets one process in at a time', async () => {
    const counter = join(folder, 'counter');
    writeFileSync(counter, '0');
    const lock = join(folder, 'counter.lock');
    const script = `
      import { readFileSync, writeFileSync } from 'node:fs';
      import { withLock } from ${JSON.stringify(join(process.cwd(), 'scripts', 'lock.js'))};
      for (let i = 0; i < 20; i++) {
        await withLock(${JSON.stringify(lock)}, async () => {
          const value = Number(readFileSync(${JSON.stringify(counter)}, 'utf8'));
          await new Promise((resolve) => setImmediate(resolve));
          writeFileSync(${JSON.stringify(counter)}, String(value + 1));
        });
      }`;
    const codes = await Promise.all(
      [1, 2, 3].map(
        () =>
          new Promise((resolve) => {
            spawn(process.execPath, ['--input-type=module', '--eval', script], {
              stdio: 'inherit',
              env: { PATH: process.env['PATH'] },
            }).once('exit', resolve);
          }),
      ),
    );
    expect(codes).toEqual([0, 0, 0]);
    expect(readFileSync(counter, 'utf8')).toBe('60');
  });

  test('is taken from a holder that was killed, by exactly one of those who wait', async () => {
    const lock = join(folder, 'killed.lock');
    writeFileSync(lock, '999999999:1');
    let inside = 0;
    let most = 0;
    await Promise.all(
      Array.from({ length: 8 }, () =>
        withLock(lock, async () => {
          most = Math.max(most, ++inside);
          await new Promise((resolve) => setImmediate(resolve));
          inside--;
        }),
      ),
    );
    expect(most).toBe(1);
  });

  test('gives up after its time and names the holder', async () => {
    const lock = join(folder, 'held.lock');
    await withLock(lock, async () => {
      await expect(withLock(lock, () => 1, { timeoutMs: 100 })).rejects.toThrow(
        `held by process ${process.pid}`,
      );
    });
  });

  test('is free again after work that failed', async () => {
    const lock = join(folder, 'failed.lock');
    await expect(
      withLock(lock, () => {
        throw new Error('work failed');
      }),
    ).rejects.toThrow('work failed');
    await expect(withLock(lock, () => 'in', { timeoutMs: 100 })).resolves.toBe('in');
  });
});
