import { sql } from 'kysely';
import type { Kysely } from 'kysely';

/** An investigation of received telemetry has no case: both columns are null, or neither. */
const ddl = `
alter table investigations
  alter column case_dir drop not null,
  alter column case_name drop not null,
  add constraint investigations_case check ((case_dir is null) = (case_name is null));
`;

export const liveInvestigations = {
  up: async (db: Kysely<unknown>): Promise<void> => {
    await sql.raw(ddl).execute(db);
  },
};
