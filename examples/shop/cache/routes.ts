import express from 'express';
import type { Router } from 'express';
import type { Database } from '../service/database.ts';
import { readCount, readObject, readText } from '../service/read-input.ts';
import type { Runtime } from '../service/runtime.ts';
import { shedLoad } from '../service/serve-requests.ts';
import { ShopError } from '../service/shop-error.ts';

/** The name of the database that the cache is kept in, in telemetry. */
export const cachePeer = 'cache-db';

const tidyIntervalMs = 30_000;
const longestBody = 20_000;

/** A cache of texts by key, each with a time to live, kept in a table of its database. */
export function createCacheRoutes(runtime: Runtime, entries: Database): Router {
  const router = express.Router();
  const limit = shedLoad(runtime);

  router.get('/entries/:key', limit, async (request, response) => {
    const key = readText(request.params, 'key');
    const [row] = await entries.run({
      operation: 'SELECT',
      table: 'entries',
      text: 'SELECT body FROM entries WHERE key = $1 AND expires_at > now()',
      values: [key],
    });
    if (row === undefined) throw new ShopError(404, 'not-cached', `nothing is cached for ${key}`);
    response.json({ body: row['body'] });
  });

  router.put('/entries/:key', limit, async (request, response) => {
    const entry = readObject(request.body, 'the entry');
    await entries.run({
      operation: 'INSERT',
      table: 'entries',
      text: `INSERT INTO entries (key, body, expires_at)
             VALUES ($1, $2, now() + $3 * interval '1 second')
             ON CONFLICT (key) DO UPDATE SET body = excluded.body, expires_at = excluded.expires_at`,
      values: [
        readText(request.params, 'key'),
        readText(entry, 'body', longestBody),
        readCount(entry, 'seconds'),
      ],
    });
    response.status(204).end();
  });
  return router;
}

async function tidy(runtime: Runtime, entries: Database): Promise<void> {
  await entries.run({
    operation: 'DELETE',
    table: 'entries',
    text: `DELETE FROM entries WHERE expires_at < now() OR key IN
           (SELECT key FROM entries ORDER BY expires_at DESC OFFSET $1)`,
    values: [runtime.settings.get('entryLimit')],
  });
}

/** Removes what has expired, and the oldest beyond the limit, every half minute; a failed run is left to the next. */
export function startTidying(runtime: Runtime, entries: Database): NodeJS.Timeout {
  return setInterval(() => {
    tidy(runtime, entries).catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      runtime.telemetry.log('WARN', `expired entries were not removed: ${reason}`);
    });
  }, tidyIntervalMs);
}
