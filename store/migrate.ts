import { Migrator, sql } from 'kysely';
import { AppError } from '../core/errors.ts';
import type { Database } from './database.ts';
import { openDatabase } from './database.ts';
import { toDatabaseError } from './database-error.ts';
import { firstTables } from './migrations/0001-first-tables.ts';
import { liveInvestigations } from './migrations/0002-live-investigations.ts';
import { sessions } from './migrations/0003-sessions.ts';
import { deliveries } from './migrations/0004-deliveries.ts';
import { modelCalls } from './migrations/0005-model-calls.ts';

/** In order of their numbers; one that has been released is never changed. */
const migrations = {
  '0001-first-tables': firstTables,
  '0002-live-investigations': liveInvestigations,
  '0003-sessions': sessions,
  '0004-deliveries': deliveries,
  '0005-model-calls': modelCalls,
};

/**
 * Brings the tables to the newest form, all missing migrations in one transaction; does nothing when they have it. Processes that start at the same
 * time wait for each other by an advisory lock. Rejects with `unavailable.database`, `invalid.database-version` when a newer version of Holdfast has
 * migrated this database before, or `bug.invariant` when a migration fails.
 */
export async function migrate(connectionString: string): Promise<void> {
  const database = openDatabase({ connectionString, poolSize: 2 });
  try {
    const provider = { getMigrations: () => Promise.resolve(migrations) };
    const migrator = new Migrator({ db: database, provider });
    await refuseNewer(database);
    const { error } = await migrator.migrateToLatest();
    if (error !== undefined) throw toDatabaseError(error);
  } finally {
    await database.destroy();
  }
}

/** Tables of a later form could be read wrongly, or lose what an older version does not know. */
async function refuseNewer(database: Database): Promise<void> {
  const noted = await sql<{ isThere: boolean }>`
    select to_regclass('kysely_migration') is not null as "isThere"`.execute(database);
  if (noted.rows[0]?.isThere !== true) return;
  const { rows } = await sql<{ name: string }>`
    select name from kysely_migration order by name desc`.execute(database);
  const newer = rows.find(({ name }) => !Object.hasOwn(migrations, name));
  if (newer === undefined) return;
  throw new AppError(
    'invalid.database-version',
    `a newer version of Holdfast has been at work in this database: it made ${newer.name}, this version knows up to ${Object.keys(migrations).at(-1) ?? 'nothing'}`,
  );
}
