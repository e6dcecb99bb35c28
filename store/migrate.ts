import { Migrator } from 'kysely';
import { openDatabase } from './database.ts';
import { toDatabaseError } from './database-error.ts';
import { firstTables } from './migrations/0001-first-tables.ts';
import { liveInvestigations } from './migrations/0002-live-investigations.ts';

/** In order of their numbers; one that has been released is never changed. */
const migrations = {
  '0001-first-tables': firstTables,
  '0002-live-investigations': liveInvestigations,
};

/**
 * Brings the tables to the newest form, all missing migrations in one transaction; does nothing when they have it. Processes that start at the same
 * time wait for each other by an advisory lock. Rejects with `unavailable.database`, or `bug.invariant` when a migration fails or a newer version of
 * Holdfast has migrated this database before.
 */
export async function migrate(connectionString: string): Promise<void> {
  const database = openDatabase({ connectionString, poolSize: 2 });
  try {
    const provider = { getMigrations: () => Promise.resolve(migrations) };
    const { error } = await new Migrator({ db: database, provider }).migrateToLatest();
    if (error !== undefined) throw toDatabaseError(error);
  } finally {
    await database.destroy();
  }
}
