import { sql } from 'kysely';
import type { Kysely } from 'kysely';

/** Codes that are exchanged for a session, and sessions: both known by their hash only. */
const ddl = `
create table sessions (
  hash text primary key,
  kind text not null check (kind in ('code', 'session')),
  person text not null,
  expires_at timestamptz(3) not null
);
create index sessions_expiry on sessions (expires_at);
`;

export const sessions = {
  up: async (db: Kysely<unknown>): Promise<void> => {
    await sql.raw(ddl).execute(db);
  },
};
