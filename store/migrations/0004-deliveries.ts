import { sql } from 'kysely';
import type { Kysely } from 'kysely';

/** Notifications that webhooks have brought, and investigations that they start. */
const ddl = `
create table deliveries (
  ordinal bigint generated always as identity primary key,
  source text not null check (source in ('gcp')),
  subject text not null,
  state text not null,
  outcome text not null check (outcome in ('started', 'closed', 'test', 'ignored')),
  investigation_id text references investigations (id),
  at timestamptz(3) not null
);
alter table investigations
  drop constraint investigations_trigger_check,
  add constraint investigations_trigger_check
    check (trigger in ('http', 'cli', 'slo-sweep', 'webhook'));
`;

export const deliveries = {
  up: async (db: Kysely<unknown>): Promise<void> => {
    await sql.raw(ddl).execute(db);
  },
};
