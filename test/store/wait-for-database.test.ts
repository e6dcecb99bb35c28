import { connect, createServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { waitForDatabase } from '../../store/wait-for-database.ts';
import { createTestDatabase } from '../support/database.ts';
import type { TestDatabase } from '../support/database.ts';

let database: TestDatabase;
let relay: Server;
/** Connections, counted from 0, that are taken and never answered, and one that is told of a crash. */
const silent = new Set([0, 2]);
const crashed = 4;
/** An ErrorResponse of the protocol of PostgreSQL: severity, SQLSTATE `crash_shutdown`, message. */
const fields = Buffer.from('SFATAL\0C57P02\0Mterminating connection because of a crash\0\0');
const crash = Buffer.concat([Buffer.from('E'), Buffer.alloc(4), fields]);
crash.writeInt32BE(crash.length - 1, 1);
let connections = 0;

beforeAll(async () => {
  database = await createTestDatabase();
  const { hostname, port } = new URL(database.connectionString);
  relay = createServer((socket) => {
    socket.on('error', () => undefined);
    const index = connections++;
    if (silent.has(index)) return;
    if (index === crashed) {
      socket.once('data', () => socket.end(crash));
      return;
    }
    const behind = connect(Number(port), hostname).on('error', () => undefined);
    socket.pipe(behind).pipe(socket);
  });
  await new Promise<void>((resolve) => relay.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  relay?.close();
  await database?.drop();
});

test('a server that is silent once or comes back from a crash, when asked and when a database is made, is asked again', async () => {
  const url = new URL(database.connectionString);
  url.host = `127.0.0.1:${(relay.address() as AddressInfo).port}`;
  url.pathname = `${url.pathname}_made`;
  await waitForDatabase(url.href, { timeoutMs: 60_000 });
  expect(connections).toBeGreaterThan(crashed + 1);
  const admin = new pg.Client({ connectionString: database.connectionString });
  await admin.connect();
  const name = url.pathname.slice(1);
  const made = await admin.query('select 1 from pg_database where datname = $1', [name]);
  expect(made.rows).toHaveLength(1);
  await admin.query(`drop database ${pg.escapeIdentifier(name)} with (force)`);
  await admin.end();
});
