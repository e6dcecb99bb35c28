import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import pg from 'pg';
import { startPostgres } from '../../scripts/postgres.ts';
import type { RunningPostgres } from '../../scripts/postgres.ts';
import { migrate } from '../../store/migrate.ts';
import { openStore } from '../../store/open-store.ts';
import type { Store } from '../../store/store.ts';
import { somePort } from './some-port.ts';
import { openTestFolder } from './test-folder.ts';

const variable = 'HOLDFAST_TEST_POSTGRES';
const folder = openTestFolder('database');
let server: RunningPostgres | null = null;

/** Starts the one server of a jest run, in global set-up, and tells the workers its address through the environment. */
export async function startSharedPostgres(): Promise<void> {
  server = await startPostgres({
    dataDir: join(folder.open(), 'postgres'),
    persistent: false,
    port: somePort(),
  });
  process.env[variable] = server.connectionString;
}

/** Ends it, in global tear-down. */
export async function stopSharedPostgres(): Promise<void> {
  await server?.stop();
  folder.remove();
}

export interface TestDatabase {
  readonly connectionString: string;
  /** Removes it, cutting whoever is still connected. */
  drop(): Promise<void>;
}

/** Makes a fresh, empty database on the shared server; a test file makes its own, so that files can run side by side. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const server = process.env[variable];
  if (server === undefined) {
    throw new Error(
      `${variable} is not set: run the tests through jest, whose global set-up starts the server`,
    );
  }
  const name = `test_${randomBytes(6).toString('hex')}`;
  await execute(server, `create database ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  const drop = (): Promise<void> => execute(server, `drop database if exists ${name} with (force)`);
  return { connectionString: url.href, drop };
}

async function execute(connectionString: string, text: string): Promise<void> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    await client.query(text);
  } finally {
    await client.end();
  }
}

export interface TestStore {
  readonly store: Store;
  readonly connectionString: string;
  /** Closes the store and removes its database. */
  close(): Promise<void>;
}

/** Opens a store on a fresh, migrated database of its own. */
export async function openTestStore(
  options: { readonly poolSize?: number } = {},
): Promise<TestStore> {
  const { connectionString, drop } = await createTestDatabase();
  await migrate(connectionString);
  const store = await openStore({ connectionString, poolSize: options.poolSize ?? 10 });
  const close = async (): Promise<void> => {
    await store.close();
    await drop();
  };
  return { store, connectionString, close };
}
