import { createHash, randomBytes } from 'node:crypto';
import { createActivities } from './activities/index.ts';
import type { Activities } from './activities/index.ts';
import { readWorkerConfig } from './config/read-config.ts';
import type { Environment, WorkerConfig } from './config/read-config.ts';
import { createCaseShelf } from './integrations/duckdb/case-shelf.ts';
import { readGrantPublicKey } from './integrations/identity/grant-keys.ts';
import { createGrantVerifier } from './integrations/identity/verify-grant.ts';
import { createLogger } from './integrations/logging/create-logger.ts';
import type { Logger } from './integrations/logging/create-logger.ts';
import { readOpenSlo } from './integrations/openslo/read-openslo.ts';
import { createOpsClient } from './integrations/ops/ops-client.ts';
import { readServices } from './integrations/ops/read-services.ts';
import { migrate } from './store/migrate.ts';
import { openStore } from './store/open-store.ts';
import { waitForDatabase } from './store/wait-for-database.ts';

/** Cases held open at once; each holds what has been read of it in memory. */
const openCases = 4;
/** A database that is away when a process starts is waited for this long. */
const databaseWaitMs = 300_000;

/** What the worker process is given. */
export interface ComposedWorker {
  readonly config: WorkerConfig;
  readonly logger: Logger;
  readonly activities: Activities;
  close(): Promise<void>;
}

/** Turns the environment into everything the worker needs. Rejects with `invalid.config` for a setting that is missing or wrong. */
export async function composeWorker(env: Environment): Promise<ComposedWorker> {
  const config = readWorkerConfig(env);
  const logger = createLogger({ name: 'holdfast-worker', level: config.logLevel });
  const publicKey = await readGrantPublicKey(config.grantPublicKeyFile);
  const services = config.servicesFile === undefined ? [] : await readServices(config.servicesFile);
  await waitForDatabase(config.databaseUrl, { timeoutMs: databaseWaitMs });
  await migrate(config.databaseUrl);
  const store = await openStore({
    connectionString: config.databaseUrl,
    poolSize: config.databasePoolSize,
  });
  const shelf = createCaseShelf({ max: openCases });
  const activities = createActivities({
    store,
    ops: createOpsClient({ services }),
    useCase: (dir, work) => shelf.use(dir, work),
    verifyGrant: createGrantVerifier(publicKey),
    readSlos: readOpenSlo,
    now: () => Date.now(),
    sha256Hex,
    newInvestigationId,
  });
  return {
    config,
    logger,
    activities,
    close: async () => {
      await shelf.close();
      await store.close();
    },
  };
}

function sha256Hex(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Ids sort by time of creation, which makes them easy to find in lists. */
function newInvestigationId(): string {
  return `inv-${Date.now().toString(36)}-${randomBytes(4).toString('hex')}`;
}
