import { performance } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { observePool } from './instruments.ts';
import type { Runtime } from './runtime.ts';
import { ShopError } from './shop-error.ts';
import { failSpan, withClientSpan } from './spans.ts';

/** One SQL statement with what telemetry says about it. */
export interface Statement {
  readonly operation: 'SELECT' | 'INSERT' | 'UPDATE' | 'DELETE';
  readonly table: string;
  readonly text: string;
  readonly values: readonly (string | number)[];
}

export type DatabaseRow = Readonly<Record<string, unknown>>;

/** A service's view of the database it owns. */
export interface Database {
  /** The name of the database in telemetry. */
  readonly peer: string;
  readonly run: (statement: Statement) => Promise<readonly DatabaseRow[]>;
  /** Reads with `statement` in a transaction of its own, which stays open `holdMs` longer for the work on what was read. */
  readonly readInTransaction: (statement: Statement, holdMs: number) => Promise<void>;
  readonly isConnected: () => boolean;
}

const connectTimeoutMs = 3_000;

/** Runs one statement on a connection, as a client span and a duration without the wait for the connection. */
async function runOn(
  runtime: Runtime,
  connection: pg.PoolClient,
  attributes: Readonly<Record<string, string>>,
  statement: Statement,
): Promise<readonly DatabaseRow[]> {
  const { operation, table } = statement;
  const described = {
    ...attributes,
    'db.operation.name': operation,
    'db.collection.name': table,
  };
  const { tracer } = runtime.telemetry;
  const spanAttributes = { ...described, 'peer.service': attributes['server.address'] ?? '' };
  return withClientSpan(tracer, `${operation} ${table}`, spanAttributes, async (span) => {
    const startedAtMs = performance.now();
    let outcome = {};
    try {
      const result = await connection.query<DatabaseRow>(statement.text, [...statement.values]);
      return result.rows;
    } catch (error) {
      outcome = { 'error.type': 'database-error' };
      failSpan(span, 'database-error', messageOf(error));
      throw databaseError(`${operation} on ${table}`, error);
    } finally {
      const seconds = (performance.now() - startedAtMs) / 1_000;
      runtime.instruments.databaseDuration.record(seconds, { ...described, ...outcome });
    }
  });
}

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

const databaseError = (what: string, error: unknown): ShopError =>
  new ShopError(503, 'database-error', `${what} failed: ${messageOf(error)}`);

/**
 * Opens the connection pool to the database `namespace`, known as `peer` in telemetry; without a URL every statement is
 * refused with 503.
 */
export function openDatabase(runtime: Runtime, peer: string, namespace: string): Database {
  const { databaseUrl, name } = runtime.options;
  if (databaseUrl === undefined) {
    const refuse = (): Promise<never> =>
      Promise.reject(new ShopError(503, 'not-connected', `${name} is not connected to ${peer}`));
    return { peer, run: refuse, readInTransaction: refuse, isConnected: () => false };
  }
  const max = runtime.settings.get('poolMax');
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max,
    connectionTimeoutMillis: connectTimeoutMs,
  });
  let isConnected = true;
  pool.on('error', (error) => {
    isConnected = false;
    runtime.telemetry.log('ERROR', `a connection to ${peer} broke: ${error.message}`);
  });
  pool.on('connect', () => {
    isConnected = true;
  });
  const poolAttributes = { 'db.client.connection.pool.name': peer };
  observePool(runtime.telemetry.meter, poolAttributes, () => ({
    idle: pool.idleCount,
    used: pool.totalCount - pool.idleCount,
    waiting: pool.waitingCount,
    max,
  }));
  const attributes = {
    'db.system.name': 'postgresql',
    'db.namespace': namespace,
    'server.address': peer,
  };
  const withConnection = async <Result>(
    work: (connection: pg.PoolClient) => Promise<Result>,
  ): Promise<Result> => {
    const connection = await takeConnection(runtime, pool, peer, poolAttributes);
    try {
      return await work(connection);
    } finally {
      connection.release();
    }
  };
  return {
    peer,
    run: (statement) =>
      withConnection((connection) => runOn(runtime, connection, attributes, statement)),
    readInTransaction: (statement, holdMs) =>
      withConnection(async (connection) => {
        await connection.query('BEGIN');
        await runOn(runtime, connection, attributes, statement);
        await wait(holdMs);
        await connection.query('COMMIT');
      }),
    isConnected: () => isConnected,
  };
}

async function takeConnection(
  runtime: Runtime,
  pool: pg.Pool,
  peer: string,
  poolAttributes: Readonly<Record<string, string>>,
): Promise<pg.PoolClient> {
  const startedAtMs = performance.now();
  try {
    return await pool.connect();
  } catch (error) {
    throw databaseError(`taking a connection to ${peer}`, error);
  } finally {
    const seconds = (performance.now() - startedAtMs) / 1_000;
    runtime.instruments.connectionWait.record(seconds, poolAttributes);
  }
}
