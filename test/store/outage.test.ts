import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { isAppError } from '../../core/errors.ts';
import { startPostgres } from '../../scripts/postgres.ts';
import type { RunningPostgres } from '../../scripts/postgres.ts';
import { migrate } from '../../store/migrate.ts';
import { openStore } from '../../store/open-store.ts';
import type { Store } from '../../store/store.ts';
import { somePort } from '../support/some-port.ts';
import { waitUntil } from '../support/wait-until.ts';
import { accepted, at, closing, draft, evidence, step } from './samples.ts';
import { openTestFolder } from '../support/test-folder.ts';

const folders = openTestFolder('outage');
let folder = '';
let server: RunningPostgres;
let store: Store;

beforeAll(async () => {
  folder = folders.open();
  server = await start();
  await migrate(server.connectionString);
  store = await openStore({ connectionString: server.connectionString, poolSize: 10 });
});
afterAll(async () => {
  await store?.close();
  await server?.stop();
  folders.remove();
});

/** The same data, and after the first time the same port, as a supervisor does. */
function start(port = somePort()): Promise<RunningPostgres> {
  return startPostgres({
    dataDir: join(folder, 'postgres'),
    persistent: true,
    port,
    tell: () => undefined,
  });
}

async function crash(): Promise<void> {
  process.kill(server.pid, 'SIGKILL');
  await server.exited;
}

test('what was acknowledged before a crash under load is there afterwards, and the load goes on by itself', async () => {
  const ids = await Promise.all(
    Array.from({ length: 6 }, (_, index) => accepted(store, `inv-load-${index}`)),
  );
  const acknowledged: [string, string][] = [];
  let woken = 0;
  const stop = await store.events.subscribe('inv-load-0', () => void (woken += 1));
  const load = ids.map((id) => work(id, 30, (stepKey) => void acknowledged.push([id, stepKey])));
  for (const done of [30, 70, 110]) {
    await waitUntil(`${done} steps`, () => acknowledged.length >= done);
    await crash();
    server = await start(server.port);
  }
  await Promise.all(load);

  expect(acknowledged).toHaveLength(6 * 30);
  for (const [id, stepKey] of acknowledged) {
    expect(await store.steps.results([{ workflowId: id, stepKey }])).toHaveLength(1);
  }
  for (const id of ids) {
    const events = await store.events.since(id, 0, 1_000);
    expect(events.map((event) => event.sequence)).toEqual(events.map((_, index) => index + 1));
    expect(events.filter((event) => event.type === 'ended')).toHaveLength(30);
    expect(await store.evidence.list(id)).toHaveLength(30);
  }
  const before = woken;
  await waitUntil('the subscription to be there again', async () => {
    await store.events.append('inv-load-0', [draft('note', `woken.${woken}.${Math.random()}`)], at);
    return woken > before;
  });
  await stop();
});

/** Works through steps like an activity: what fails since the database is away is tried again as a further attempt. */
async function work(
  id: string,
  steps: number,
  acknowledge: (stepKey: string) => void,
): Promise<void> {
  for (let index = 0; index < steps; index++) {
    const stepKey = `step.${index}`;
    const taken = evidence(`ev-${String(index).padStart(16, '0')}`, { id, index });
    let attempt = 0;
    await waitUntil(`${id} ${stepKey}`, async () => {
      attempt += 1;
      try {
        await store.steps.begin(
          step(id, stepKey, attempt),
          draft('begun', stepKey, { attempt }),
          at,
        );
        await store.steps.complete(
          step(id, stepKey, attempt),
          closing(stepKey, index, { evidence: [taken], attempt }),
        );
        return true;
      } catch (error) {
        if (isAppError(error) && error.code === 'unavailable.database') return false;
        throw error;
      }
    });
    acknowledge(stepKey);
  }
}

test('while the server is away all fails fast as unavailable, and afterwards the same store works', async () => {
  const id = await accepted(store, 'inv-away');
  const { connectionString } = server;
  await crash();
  const began = performance.now();
  const failures = [
    store.ping(),
    store.investigations.get(id),
    store.steps.begin(step(id, 'a'), null, at),
    store.steps.complete(step(id, 'a'), closing('a', 1)),
    openStore({ connectionString, poolSize: 1 }),
    migrate(connectionString),
  ];
  const unavailable = { code: 'unavailable.database' };
  await Promise.all(failures.map((one) => expect(one).rejects.toMatchObject(unavailable)));
  expect(performance.now() - began).toBeLessThan(9_000);
  server = await start(server.port);
  await store.ping();
  expect(await store.steps.complete(step(id, 'a'), closing('a', 1))).toEqual({ result: 1 });
});

test('a wrong password or database is unavailable, and the message holds no secret', async () => {
  const url = new URL(server.connectionString);
  url.password = 'not-the-password';
  const refused = openStore({ connectionString: url.href, poolSize: 1 });
  await expect(refused).rejects.toMatchObject({ code: 'unavailable.database' });
  await expect(refused).rejects.not.toThrow(/not-the-password/);
});
