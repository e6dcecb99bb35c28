import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import { isAlive } from '../../../scripts/lock.js';
import { readStackState, type StackState } from '../../../scripts/stack/stack-state.ts';
import {
  buildProduct,
  createStateDir,
  startBuilt,
  type BuiltProcess,
} from '../../support/built-product.ts';
import { somePort } from '../../support/some-port.ts';
import { waitUntil } from '../../support/wait-until.ts';

jest.setTimeout(300_000);

const parts = ['api', 'postgres', 'temporal', 'worker'];

const inTimeMs = 90_000;
/** Of its own, since it wants the same ones back when what listened there was killed. */
const firstPort = somePort();

let folder: Awaited<ReturnType<typeof createStateDir>> | null = null;
let holders: BuiltProcess[] = [];
beforeAll(async () => {
  await buildProduct();
  folder = await createStateDir();
}, 900_000);
afterEach(async () => {
  for (const { child } of holders) child.stdin?.end();
  await Promise.all(holders.map(({ ended }) => ended));
  holders = [];
});
afterAll(() => folder?.remove());

/** Takes the stack with a process of its own. */
async function hold(): Promise<{ holder: BuiltProcess; apiUrl: string; hasStarted: boolean }> {
  const holder = startBuilt('scripts/hold-stack', [stateDir(), String(firstPort)]);
  holders.push(holder);
  let line = JSON.parse(await holder.nextLine());
  const hasStarted = line.event === 'starting';
  if (hasStarted) line = JSON.parse(await holder.nextLine());
  expect(line).toMatchObject({ event: 'ready' });
  return { holder, apiUrl: line.apiUrl, hasStarted };
}

function stateDir(): string {
  return folder?.path ?? '';
}

function state(): StackState {
  const read = readStackState(stateDir());
  if (read === null) throw new Error('there is no stack');
  return read;
}

function marksOf({ keeper, parts }: StackState): readonly string[] {
  return [keeper, ...Object.values(parts)];
}

async function isReady(apiUrl: string): Promise<boolean> {
  return fetch(`${apiUrl}/ready`).then(
    ({ ok }) => ok,
    () => false,
  );
}

test('processes share one stack; it outlives the one that started it and ends with the last, even when that is killed', async () => {
  const first = await hold();
  const second = await hold();
  expect([first.hasStarted, second.hasStarted]).toEqual([true, false]);
  expect(second.apiUrl).toBe(first.apiUrl);
  expect(Object.keys(state().parts).toSorted()).toEqual(parts);
  for (const name of ['stack.json', 'token', 'grant-private.pem']) {
    expect(statSync(join(stateDir(), name)).mode & 0o077).toBe(0);
  }

  const marks = marksOf(state());
  first.holder.child.stdin?.end();
  expect(await first.holder.ended).toBe(0);
  await waitUntil('the other is served', () => isReady(second.apiUrl), inTimeMs);
  expect(marksOf(state())).toEqual(marks);

  second.holder.child.kill('SIGKILL');
  await waitUntil('nothing is left running', () => !marks.some(isAlive), inTimeMs);
  expect(existsSync(join(stateDir(), 'stack.json'))).toBe(false);
});

test('two that start at the same time start one stack, and the last to give it back waits until nothing is left running', async () => {
  const both = await Promise.all([hold(), hold()]);
  expect(both.filter(({ hasStarted }) => hasStarted)).toHaveLength(1);
  expect(new Set(both.map(({ apiUrl }) => apiUrl)).size).toBe(1);
  const marks = marksOf(state());
  expect(marks.every(isAlive)).toBe(true);
  for (const { holder } of both) holder.child.stdin?.end();
  expect(await Promise.all(both.map(({ holder }) => holder.ended))).toEqual([0, 0]);
  expect(marks.filter(isAlive)).toEqual([]);
});

test('what dies is started again on the same ports', async () => {
  const { apiUrl } = await hold();
  const before = state();
  for (const mark of Object.values(before.parts))
    process.kill(Number(mark.split(':')[0]), 'SIGKILL');
  await waitUntil(
    'every part has another pid',
    () =>
      Object.entries(state().parts).every(
        ([name, mark]) => mark !== before.parts[name] && isAlive(mark),
      ),
    inTimeMs,
  );
  await waitUntil('the API is ready again', () => isReady(apiUrl), inTimeMs);
  expect(state()).toMatchObject({
    status: 'ready',
    apiUrl,
    databaseUrl: before.databaseUrl,
    temporalAddress: before.temporalAddress,
  });
});

test('when the keeper itself is killed its parts end, and the next one starts anew on what was kept', async () => {
  const { holder } = await hold();
  const marks = marksOf(state());
  process.kill(Number(state().keeper.split(':')[0]), 'SIGKILL');
  await waitUntil('nothing is left running', () => !marks.some(isAlive), inTimeMs);
  const next = await hold();
  expect(next.hasStarted).toBe(true);
  await waitUntil('it answers', () => isReady(next.apiUrl), inTimeMs);
  const nextMarks = marksOf(state());
  holder.child.stdin?.end();
  await holder.ended;
  await waitUntil('it still answers', () => isReady(next.apiUrl), inTimeMs);
  expect(marksOf(state())).toEqual(nextMarks);
});

test('a stack that cannot be started says why, and where its logs are', async () => {
  const holder = startBuilt('scripts/hold-stack', [stateDir()], { DATABASE_URL: 'no-database' });
  holders.push(holder);
  expect(JSON.parse(await holder.nextLine())).toEqual({ event: 'starting' });
  const line = JSON.parse(await holder.nextLine());
  expect(line).toMatchObject({ event: 'failed', code: 'unavailable.install' });
  expect(line.message).toMatch(/invalid\.config: .*DATABASE_URL/);
  expect(line.message).toContain(join(stateDir(), 'logs'));
  expect(await holder.ended).toBe(1);
});
