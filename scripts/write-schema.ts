import { mkdtemp, chmod, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dumpSchema } from '../store/dump-schema.ts';
import { migrate } from '../store/migrate.ts';
import { startPostgres } from './postgres.ts';
import { projectRoot } from './project-root.ts';

/* Writes store/schema.sql from a database that was migrated just now, on a server of its own. */
const folder = await mkdtemp(join(tmpdir(), 'holdfast-schema-'));
await chmod(folder, 0o755); // the OS user of the server has to enter it
try {
  const server = await startPostgres({ dataDir: join(folder, 'postgres'), persistent: false });
  try {
    await migrate(server.connectionString);
    const text = await dumpSchema(server.connectionString);
    await writeFile(join(projectRoot(), 'store', 'schema.sql'), text);
  } finally {
    await server.stop();
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
