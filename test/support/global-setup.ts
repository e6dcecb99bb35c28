import { startSharedPostgres } from './database.ts';
import { startSharedTemporal } from './temporal.ts';
import { removeLeftFolders } from './test-folder.ts';
import { workflowBundle } from './workflow-bundle.ts';

/** Runs once before the tests that need servers; jest hands the environment set here to its workers. */
export default async function globalSetup({ maxWorkers }: { maxWorkers: number }): Promise<void> {
  removeLeftFolders();
  await Promise.all([startSharedPostgres(), startSharedTemporal(maxWorkers)]);
  process.env['HOLDFAST_TEST_BUNDLE'] = await workflowBundle();
}
