import type { Database, Statement } from './database.ts';
import type { Runtime } from './runtime.ts';

const statements: Readonly<Record<string, Statement>> = {
  payments: {
    operation: 'SELECT',
    table: 'charges',
    text: `SELECT id, amount_minor FROM charges WHERE customer_id % 50 = $1 % 50 ORDER BY created_at DESC LIMIT 40`,
    values: [],
  },
  inventory: {
    operation: 'SELECT',
    table: 'reservations',
    text: 'SELECT id, sku, quantity FROM reservations WHERE id % 50 = $1 % 50 ORDER BY id DESC LIMIT 40',
    values: [],
  },
  cache: {
    operation: 'SELECT',
    table: 'entries',
    text: 'SELECT key, body FROM entries WHERE length(key) % 50 >= $1 % 2 LIMIT 40',
    values: [],
  },
};

/**
 * Reconciles the records of a service over and over in `batches` at the same time: each reads a part in a transaction
 * of its own and keeps that open while it works on what it read, `holdMs` long.
 */
export function reconcile(
  runtime: Runtime,
  database: Database,
  batches: number,
  holdMs: number,
): void {
  const statement = statements[runtime.options.name];
  if (statement === undefined) throw new Error(`${runtime.options.name} has nothing to reconcile`);
  const work = async (batch: number): Promise<never> => {
    for (;;) {
      await database.readInTransaction({ ...statement, values: [batch] }, holdMs).catch(() => {
        // A batch that got no connection is left to its next turn.
      });
    }
  };
  for (let batch = 0; batch < batches; batch += 1) void work(batch);
}
