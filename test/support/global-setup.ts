import { buildProduct } from './built-product.ts';
import { startSharedPostgres } from './database.ts';
import { startSharedTemporal } from './temporal.ts';
import { removeLeftFolders } from './test-folder.ts';

/** Runs once before the tests that need servers; jest hands the environment set here to its workers. */
export default async function globalSetup({ maxWorkers }: { maxWorkers: number }): Promise<void> {
  removeLeftFolders();
  await Promise.all([startSharedPostgres(), startSharedTemporal(maxWorkers), buildProduct()]);
}
