import { sql } from 'kysely';
import { createActionViews } from './actions.ts';
import { openDatabase } from './database.ts';
import type { StoreLogger } from './database.ts';
import { createDecisions } from './decisions.ts';
import { createDeliveries } from './deliveries.ts';
import { createEvents } from './events.ts';
import { createEvidenceShelf } from './evidence.ts';
import { createIntents } from './intents.ts';
import { createInvestigations } from './investigations.ts';
import { createLedger } from './ledger.ts';
import { createListener } from './listener.ts';
import { createModelCalls } from './model-calls.ts';
import { createSessions } from './sessions.ts';
import { createSlos } from './slos.ts';
import { createSteps } from './steps.ts';
import type { Store } from './store.ts';

/**
 * Opens the store on a database that has been migrated. `poolSize` is the largest number of connections, besides the one that listens for events.
 * Rejects with `unavailable.database` when the server does not answer now; later it may go and come back.
 */
export async function openStore(options: {
  readonly connectionString: string;
  readonly poolSize: number;
  readonly logger?: StoreLogger;
}): Promise<Store> {
  const database = openDatabase(options);
  const listener = createListener(options);
  const ping = async (): Promise<void> => {
    await sql`select 1`.execute(database);
  };
  const close = async (): Promise<void> => {
    await listener.close();
    await database.destroy();
  };
  try {
    await ping();
  } catch (error) {
    await close();
    throw error;
  }
  return {
    investigations: createInvestigations(database),
    steps: createSteps(database),
    evidence: createEvidenceShelf(database),
    events: createEvents(database, listener),
    ledger: createLedger(database),
    modelCalls: createModelCalls(database),
    actions: {
      ...createActionViews(database),
      ...createDecisions(database),
      ...createIntents(database),
    },
    slos: createSlos(database),
    sessions: createSessions(database),
    deliveries: createDeliveries(database),
    ping,
    close,
  };
}
