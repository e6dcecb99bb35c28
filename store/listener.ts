import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { eventsChannel } from './append-events.ts';
import { connectionOptions } from './database.ts';
import type { StoreLogger } from './database.ts';
import { toDatabaseError } from './database-error.ts';

export interface Listener {
  /** Resolves when notifications come in; rejects with `unavailable.database` when there is no server now. */
  subscribe(investigationId: string, wake: () => void): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

const firstPauseMs = 50;
const longestPauseMs = 5_000;
/** A connection that only listens would never notice that its other end is gone: it is asked so often, and has so long to answer. */
const checkEveryMs = 15_000;
const checkMs = 5_000;

/**
 * Makes a listener for new events: one connection for all subscribers, made when the first comes. When it breaks it is made again, by itself, with
 * growing pauses, and then every subscriber is woken, since notifications may have been missed.
 */
export function createListener(options: {
  readonly connectionString: string;
  readonly logger?: StoreLogger;
}): Listener {
  const subscribers = createSubscribers();
  const closing = new AbortController();
  let connection: Promise<pg.Client> | null = null;
  let isMissing = false;

  /** Gives the connection there is, or makes one; whoever comes while it is made shares it. */
  const connect = (): Promise<pg.Client> => {
    connection ??= listen(options.connectionString, subscribers.wake, lost).then(
      (client) => {
        if (isMissing) subscribers.wakeAll();
        isMissing = false;
        return client;
      },
      (error: unknown) => {
        connection = null;
        throw toDatabaseError(error);
      },
    );
    return connection;
  };

  const lost = (reason: string): void => {
    connection = null;
    if (closing.signal.aborted) return;
    isMissing = true;
    options.logger?.warn({ reason }, 'the connection that listens for events broke');
    void reconnect();
  };

  const reconnect = async (): Promise<void> => {
    const { signal } = closing;
    for (let pauseMs = firstPauseMs; !signal.aborted; pauseMs *= 2) {
      try {
        await connect();
        return;
      } catch {
        // still away; it was said once, when the connection broke
      }
      await pause(Math.min(pauseMs, longestPauseMs), null, { signal }).catch(() => undefined);
    }
  };

  return {
    subscribe: async (investigationId, wake) => {
      const remove = subscribers.add(investigationId, wake);
      try {
        await connect();
        return () => Promise.resolve(remove());
      } catch (error) {
        remove();
        throw error;
      }
    },
    close: async () => {
      closing.abort();
      subscribers.clear();
      const client = await connection?.catch(() => null);
      await client?.end();
    },
  };
}

/** Who waits for the events of which investigation. */
function createSubscribers() {
  const groups = new Map<string, Set<() => void>>();
  const wake = (investigationId: string): void => {
    for (const entry of groups.get(investigationId) ?? []) entry();
  };
  return {
    wake,
    wakeAll: () => {
      for (const investigationId of groups.keys()) wake(investigationId);
    },
    clear: () => groups.clear(),
    /** Gives the way to remove it again. */
    add: (investigationId: string, wake: () => void): (() => void) => {
      const entry = (): void => wake(); // its own, so that one function may wait twice
      const group = groups.get(investigationId) ?? new Set();
      groups.set(investigationId, group.add(entry));
      return () => {
        group.delete(entry);
        if (group.size === 0 && groups.get(investigationId) === group) {
          groups.delete(investigationId);
        }
      };
    },
  };
}

/** `lost` is called at most once, and only for a connection that had been given out. */
async function listen(
  connectionString: string,
  wake: (investigationId: string) => void,
  lost: (reason: string) => void,
): Promise<pg.Client> {
  const client = new pg.Client({
    ...connectionOptions(connectionString),
    query_timeout: checkMs,
  });
  let listening = false;
  const check = setInterval(() => {
    if (!listening) return;
    client.query('select 1').catch((error: unknown) => {
      end(error instanceof Error ? error.message : 'no answer');
      void client.end().catch(() => undefined); // its other end is gone
    });
  }, checkEveryMs).unref();
  const end = (reason: string): void => {
    clearInterval(check);
    if (listening) lost(reason);
    listening = false;
  };
  client.on('notification', (message) => wake(message.payload ?? ''));
  client.on('error', (error) => end(error.message));
  client.on('end', () => end('the server closed it'));
  try {
    await client.connect();
    await client.query(`listen ${eventsChannel}`);
  } catch (error) {
    clearInterval(check);
    await client.end().catch(() => undefined); // it never was connected, or broke
    throw error;
  }
  listening = true;
  return client;
}
