import { startSharedPostgres } from './database.ts';

/** Runs once before the tests that need servers; jest hands the environment set here to its workers. */
export default async function globalSetup(): Promise<void> {
  await startSharedPostgres();
}
