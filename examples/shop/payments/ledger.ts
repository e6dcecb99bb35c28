import { performance } from 'node:perf_hooks';
import pg from 'pg';
import { observePool } from '../service/instruments.ts';
import type { Runtime } from '../service/runtime.ts';
import { ShopError } from '../service/shop-error.ts';
import { failSpan, withClientSpan } from '../service/spans.ts';

/** The name of the ledger database in telemetry. */
export const ledgerPeer = 'ledger-db';

/** One SQL statement with what telemetry says about it. */
export interface Statement {
  readonly operation: 'SELECT' | 'INSERT' | 'UPDATE';
  readonly table: string;
  readonly text: string;
  readonly values: readonly (string | number)[];
}

export type LedgerRow = Readonly<Record<string, unknown>>;

/** Payments' view of its database. */
export interface Ledger {
  readonly run: (statement: Statement) => Promise<readonly LedgerRow[]>;
  readonly isConnected: () => boolean;
}

const connectTimeoutMs = 3_000;
const baseAttributes = {
  'db.system.name': 'postgresql',
  'db.namespace': 'ledger',
  'server.address': ledgerPeer,
};

function notConnected(): ShopError {
  return new ShopError(503, 'not-connected', 'payments is not connected to its ledger database');
}

async function runStatement(
  runtime: Runtime,
  pool: pg.Pool,
  statement: Statement,
): Promise<readonly LedgerRow[]> {
  const attributes = {
    ...baseAttributes,
    'db.operation.name': statement.operation,
    'db.collection.name': statement.table,
  };
  return withClientSpan(
    runtime.telemetry.tracer,
    `${statement.operation} ${statement.table}`,
    { ...attributes, 'peer.service': ledgerPeer },
    async (span) => {
      const startedAtMs = performance.now();
      let outcome = {};
      try {
        const result = await pool.query<LedgerRow>(statement.text, [...statement.values]);
        return result.rows;
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        outcome = { 'error.type': 'database-error' };
        failSpan(span, 'database-error', message);
        throw new ShopError(
          503,
          'database-error',
          `${statement.operation} on ${statement.table} failed: ${message}`,
        );
      } finally {
        runtime.instruments.databaseDuration.record((performance.now() - startedAtMs) / 1_000, {
          ...attributes,
          ...outcome,
        });
      }
    },
  );
}

/** Opens the connection pool to the ledger; without a URL every statement is refused with 503. */
export function openLedger(runtime: Runtime): Ledger {
  const { databaseUrl } = runtime.options;
  if (databaseUrl === undefined)
    return { run: () => Promise.reject(notConnected()), isConnected: () => false };
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max: runtime.settings.get('poolMax'),
    connectionTimeoutMillis: connectTimeoutMs,
  });
  let isConnected = true;
  pool.on('error', (error) => {
    isConnected = false;
    runtime.telemetry.log('ERROR', `a ledger connection broke: ${error.message}`);
  });
  pool.on('connect', () => {
    isConnected = true;
  });
  observePool(runtime.telemetry.meter, { 'db.client.connection.pool.name': ledgerPeer }, () => ({
    idle: pool.idleCount,
    used: pool.totalCount - pool.idleCount,
    waiting: pool.waitingCount,
    max: runtime.settings.get('poolMax'),
  }));
  return {
    run: (statement) => runStatement(runtime, pool, statement),
    isConnected: () => isConnected,
  };
}
