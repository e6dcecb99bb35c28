import { stopSharedPostgres } from './database.ts';
import { stopSharedTemporal } from './temporal.ts';

export default async function globalTeardown(): Promise<void> {
  await Promise.all([stopSharedPostgres(), stopSharedTemporal()]);
}
