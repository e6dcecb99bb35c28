import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import pg from 'pg';
import { projectRoot } from '../../scripts/project-root.ts';
import { dumpSchema } from '../../store/dump-schema.ts';
import { migrate } from '../../store/migrate.ts';
import { openStore } from '../../store/open-store.ts';
import { createTestDatabase } from '../support/database.ts';

const schemaFile = join(projectRoot(), 'store', 'schema.sql');

test('processes that start together migrate an empty database once', async () => {
  const { connectionString, drop } = await createTestDatabase();
  await Promise.all(Array.from({ length: 6 }, () => migrate(connectionString)));
  await migrate(connectionString);
  const store = await openStore({ connectionString, poolSize: 1 });
  expect(await store.investigations.list({ limit: 1 })).toEqual([]);
  await store.close();
  await drop();
});

test('the committed dump is that of a migrated database; `npx tsx scripts/write-schema.ts` writes it', async () => {
  const { connectionString, drop } = await createTestDatabase();
  await migrate(connectionString);
  expect(await dumpSchema(connectionString)).toBe(await readFile(schemaFile, 'utf8'));
  await drop();
});

test('the committed dump makes the tables that it shows', async () => {
  const { connectionString, drop } = await createTestDatabase();
  const text = await readFile(schemaFile, 'utf8');
  const client = new pg.Client({ connectionString });
  await client.connect();
  await client.query(text);
  await client.end();
  expect(await dumpSchema(connectionString)).toBe(text);
  await drop();
});

test('a database that a newer version has migrated is left alone', async () => {
  const { connectionString, drop } = await createTestDatabase();
  await migrate(connectionString);
  const client = new pg.Client({ connectionString });
  await client.connect();
  await client.query(`insert into kysely_migration values ('9999-from-the-future', 'now')`);
  await client.end();
  const before = await dumpSchema(connectionString);
  await expect(migrate(connectionString)).rejects.toMatchObject({
    code: 'invalid.database-version',
    message: expect.stringContaining('9999-from-the-future'),
  });
  expect(await dumpSchema(connectionString)).toBe(before);
  await drop();
});
