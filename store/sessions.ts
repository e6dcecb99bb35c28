import { sql } from 'kysely';
import type { Database } from './database.ts';
import { toInstant } from './json.ts';
import type { Sessions } from './store.ts';

/** Makes the repository of who may act from a browser, and of the codes by which a browser becomes theirs. */
export function createSessions(database: Database): Sessions {
  return {
    issueCode: async ({ hash, person, at, expiresAt }) => {
      await database
        .deleteFrom('sessions')
        .where('expires_at', '<=', sql<number>`${toInstant(at)}`)
        .execute();
      await database
        .insertInto('sessions')
        .values({ hash, kind: 'code', person, expires_at: toInstant(expiresAt) })
        .execute();
    },
    exchange: ({ codeHash, sessionHash, at, expiresAt }) =>
      database.transaction().execute(async (transaction) => {
        // The deletion is what makes a code good for once: of two who come together one finds nothing.
        const code = await transaction
          .deleteFrom('sessions')
          .where('hash', '=', codeHash)
          .where('kind', '=', 'code')
          .where('expires_at', '>', sql<number>`${toInstant(at)}`)
          .returning('person')
          .executeTakeFirst();
        if (code === undefined) return null;
        await transaction
          .insertInto('sessions')
          .values({
            hash: sessionHash,
            kind: 'session',
            person: code.person,
            expires_at: toInstant(expiresAt),
          })
          .execute();
        return code.person;
      }),
    personOf: async (hash, at) => {
      const session = await database
        .selectFrom('sessions')
        .select('person')
        .where('hash', '=', hash)
        .where('kind', '=', 'session')
        .where('expires_at', '>', sql<number>`${toInstant(at)}`)
        .executeTakeFirst();
      return session?.person ?? null;
    },
  };
}
