import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { driverMessages } from './database-error.ts';

const attemptMs = 5_000;
/** Making a database copies one. */
const makeMs = 30_000;
const pauseMs = 20;

/**
 * Waits until the server behind a connection string answers a query, and makes the database it names if it is not there. Rejects with the last
 * failure after `timeoutMs`, when `signal` aborts, or at once when the server answers but refuses us.
 */
export async function waitForDatabase(
  connectionString: string,
  options: { readonly timeoutMs: number; readonly signal?: AbortSignal },
): Promise<void> {
  const deadline = performance.now() + options.timeoutMs;
  for (;;) {
    options.signal?.throwIfAborted();
    try {
      return await reachDatabase(connectionString);
    } catch (error) {
      if (!mayPass(error) || performance.now() > deadline) throw error;
    }
    await pause(pauseMs);
  }
}

async function reachDatabase(connectionString: string): Promise<void> {
  try {
    await queryOnce(connectionString, 'select 1');
  } catch (error) {
    if (sqlState(error) !== '3D000') throw error;
    await makeDatabase(connectionString);
  }
}

/** Makes the database that a connection string names, through the server's own database `postgres`. */
async function makeDatabase(connectionString: string): Promise<void> {
  const url = new URL(connectionString);
  const name = decodeURIComponent(url.pathname.slice(1));
  url.pathname = '/postgres';
  try {
    await queryOnce(url.href, `create database ${pg.escapeIdentifier(name)}`, makeMs);
  } catch (error) {
    // Somebody else made it in the meantime: the second state is that of two who did so in the same instant.
    if (sqlState(error) !== '42P04' && sqlState(error) !== '23505') throw error;
  }
}

async function queryOnce(
  connectionString: string,
  text: string,
  withinMs = attemptMs,
): Promise<void> {
  const client = new pg.Client({
    connectionString,
    connectionTimeoutMillis: attemptMs,
    query_timeout: withinMs,
  });
  client.on('error', () => undefined); // the query rejects with it
  try {
    await client.connect();
    await client.query(text);
  } finally {
    await client.end().catch(() => undefined); // nothing to close: it never connected, or went away
  }
}

/** Nobody listens yet, the connection was cut, one attempt took too long, or the server says that it is starting up, shutting down or coming back from a crash. */
function mayPass(error: unknown): boolean {
  const state = sqlState(error);
  if (['ECONNREFUSED', 'ECONNRESET', 'EPIPE'].includes(state)) return true;
  return /^57P0[123]$/.test(state) || driverMessages.test(String(error));
}

function sqlState(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('code' in error)) return '';
  return String(error.code);
}
