import { sql } from 'kysely';
import type { Kysely } from 'kysely';

/**
 * Every call of a model with what was set aside for it and what it took, failed ones too, instead of a sum a step; and the texts of prompts by their hash.
 */
const ddl = `
create table model_calls (
  id text primary key,
  investigation_id text not null references investigations,
  workflow_id text not null,
  step_key text not null,
  attempt integer not null,
  ask integer not null,
  provider text not null,
  model text not null,
  state text not null check (state in ('reserved', 'settled', 'failed')),
  code text,
  reserved_tokens bigint not null,
  reserved_usd_micros bigint not null,
  input_tokens bigint not null default 0,
  cached_tokens bigint not null default 0,
  output_tokens bigint not null default 0,
  usd_micros bigint not null default 0,
  reserved_at timestamptz(3) not null,
  settled_at timestamptz(3)
);
create index model_calls_investigation on model_calls (investigation_id, reserved_at);
create index model_calls_time on model_calls (reserved_at);
alter table step_attempts
  drop column model_calls,
  drop column input_tokens,
  drop column output_tokens,
  drop column usd_micros;
create table prompts (
  hash text primary key,
  text text not null
);
`;

export const modelCalls = {
  up: async (db: Kysely<unknown>): Promise<void> => {
    await sql.raw(ddl).execute(db);
  },
};
