import { Kysely, PostgresDialect } from 'kysely';
import type { PostgresPoolClient, PostgresQueryResult } from 'kysely';
import pg from 'pg';
import type { AppError } from '../core/errors.ts';
import { isUnavailable, toDatabaseError } from './database-error.ts';
import type { Tables } from './tables.ts';

export type Database = Kysely<Tables>;

/** What the store tells; pino's loggers fit. */
export interface StoreLogger {
  warn(details: Readonly<Record<string, unknown>>, message: string): void;
}

const connectMs = 10_000;
/** Longer than anything waits for a lock: a server that is silent for so long is gone. */
const queryMs = 20_000;
const idleMs = 30_000;
/** A process that stops in the middle of a transaction, frozen rather than killed, would hold its locks for good. */
const idleInTransactionMs = 10_000;
/** Longer than that, so that whoever waits for such a lock gets it. */
const lockMs = 15_000;

/** What all our connections have in common. */
export function connectionOptions(connectionString: string): pg.ClientConfig {
  return {
    connectionString,
    application_name: 'holdfast',
    connectionTimeoutMillis: connectMs,
    keepAlive: true,
    query_timeout: queryMs,
    idle_in_transaction_session_timeout: idleInTransactionMs,
    lock_timeout: lockMs,
    types: { getTypeParser },
  };
}

/**
 * Opens a pool of connections; none is made before the first query. It outlives restarts of the server: a connection that broke is thrown away, the
 * next query makes a new one. Queries fail within 10 s when there is no server, or no free connection. Every rejection is an `AppError`.
 */
export function openDatabase(options: {
  readonly connectionString: string;
  readonly poolSize: number;
  readonly logger?: StoreLogger;
}): Database {
  const pool = new pg.Pool({
    ...connectionOptions(options.connectionString),
    max: options.poolSize,
    idleTimeoutMillis: idleMs,
  });
  pool.on('error', (error) => {
    options.logger?.warn({ reason: error.message }, 'an idle connection to PostgreSQL broke');
  });
  // Else a connection that breaks between two statements of a transaction would end the process; the next statement rejects.
  pool.on('connect', (client) => client.on('error', () => undefined));
  return new Kysely<Tables>({
    dialect: new PostgresDialect({
      pool: {
        connect: async () => guardClient(await pool.connect().catch(rejectTranslated)),
        end: () => pool.end(),
      },
    }),
  });
}

function rejectTranslated(error: unknown): never {
  throw toDatabaseError(error);
}

/**
 * Wraps a connection for as long as it is lent out: errors are translated, NUL characters, which no text of PostgreSQL can hold, are replaced, and
 * after a failure of the connection all else on it fails alike, at once, and it does not return to the pool.
 */
function guardClient(client: pg.PoolClient): PostgresPoolClient {
  let broken: AppError | null = null;
  const query = async <Row>(
    text: string,
    parameters: readonly unknown[],
  ): Promise<PostgresQueryResult<Row>> => {
    if (broken !== null) throw broken;
    try {
      const result: unknown = await client.query(text, parameters.map(withoutNul));
      return result as PostgresQueryResult<Row>; // the statement is Kysely's, so its rows are
    } catch (error) {
      const translated = toDatabaseError(error);
      if (isUnavailable(translated)) broken = translated;
      throw translated;
    }
  };
  return { query, release: () => client.release(broken !== null) } as PostgresPoolClient;
}

function withoutNul(parameter: unknown): unknown {
  return typeof parameter === 'string' ? parameter.replaceAll('\u0000', '\uFFFD') : parameter;
}

const timestamptz: number = pg.types.builtins.TIMESTAMPTZ;
const int8: number = pg.types.builtins.INT8;

/** Instants are read as epoch milliseconds, and 64-bit integers as numbers: ours stay far below 2^53. */
function getTypeParser(oid: number, format?: 'text' | 'binary'): unknown {
  if (oid === timestamptz) return Date.parse;
  if (oid === int8) return Number;
  return pg.types.getTypeParser(oid, format);
}
