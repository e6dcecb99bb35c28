import { sql } from 'kysely';
import type { Kysely } from 'kysely';

/**
 * Columns of type `json`, not `jsonb`: what is kept comes back as it was written, with its order of keys, its numbers and its NUL characters, and
 * nothing here is searched inside.
 */
const ddl = `
create table investigations (
  id text primary key,
  idempotency_key text unique,
  request_hash text not null,
  request json not null,
  case_dir text not null,
  case_name text not null,
  alert json not null,
  title text not null,
  trigger text not null check (trigger in ('http', 'cli', 'slo-sweep')),
  status text not null default 'accepted' check (status in ('accepted', 'running', 'completed', 'cancelled', 'failed')),
  phase text,
  percent integer not null default 0 check (percent between 0 and 100),
  verdict text check (verdict in ('cause-found', 'no-cause-found', 'inconclusive')),
  summary text,
  report json,
  last_sequence integer not null default 0,
  created_at timestamptz(3) not null default clock_timestamp(),
  started_at timestamptz(3),
  ended_at timestamptz(3)
);
create index investigations_newest on investigations (created_at desc);
create index investigations_unstarted on investigations (created_at) where status = 'accepted';

create table step_results (
  workflow_id text not null,
  step_key text not null,
  investigation_id text not null references investigations,
  attempt integer not null,
  result json not null,
  closed_at timestamptz(3) not null,
  primary key (workflow_id, step_key)
);

create table step_attempts (
  workflow_id text not null,
  step_key text not null,
  attempt integer not null,
  investigation_id text not null references investigations,
  begun_at timestamptz(3) not null,
  ended_at timestamptz(3),
  outcome text not null default 'open' check (outcome in ('open', 'done', 'failed')),
  code text,
  message text,
  tool_calls integer not null default 0,
  model_calls integer not null default 0,
  input_tokens bigint not null default 0,
  output_tokens bigint not null default 0,
  usd_micros bigint not null default 0,
  primary key (workflow_id, step_key, attempt)
);
create index step_attempts_of_investigation on step_attempts (investigation_id);

create table progress_events (
  investigation_id text not null references investigations,
  sequence integer not null,
  at timestamptz(3) not null,
  type text not null check (type in ('begun', 'ended', 'failed', 'note', 'finished', 'action')),
  phase text not null,
  stage text not null,
  role text not null,
  ooda_phase text,
  round integer not null,
  step_key text not null,
  attempt integer not null,
  percent integer not null check (percent between 0 and 100),
  text text not null,
  data json not null,
  primary key (investigation_id, sequence),
  unique (investigation_id, step_key, type, attempt)
);
create unique index progress_events_ended_once on progress_events (investigation_id, step_key) where type = 'ended';

create table evidence_bodies (
  hash text primary key check (hash ~ '^[0-9a-f]{64}$'),
  encoding text not null check (encoding = 'gzip'),
  bytes bytea not null,
  size_bytes integer not null
);
alter table evidence_bodies alter column bytes set storage external;

create table evidence (
  investigation_id text not null references investigations,
  id text not null,
  body_hash text not null references evidence_bodies,
  about json not null,
  taken_at timestamptz(3) not null,
  position integer not null,
  primary key (investigation_id, id)
);

create table actions (
  action_id text primary key,
  investigation_id text not null references investigations,
  plan json not null,
  plan_hash text not null check (plan_hash ~ '^[0-9a-f]{64}$'),
  state text not null default 'proposed'
    check (state in ('proposed', 'approved', 'refused', 'rejected', 'expired', 'sent', 'applied', 'not-applied', 'unknown')),
  decided_by text,
  proposed_at timestamptz(3) not null,
  expires_at timestamptz(3) not null
);
create index actions_of_investigation on actions (investigation_id);

create table action_decisions (
  key text primary key,
  ordinal bigint generated always as identity,
  action_id text not null,
  at timestamptz(3) not null,
  signal json not null,
  person text,
  grant_id text,
  accepted boolean not null,
  because text not null,
  check (not accepted or (person is not null and grant_id is not null))
);
create index action_decisions_of_action on action_decisions (action_id);
create unique index action_decisions_grant_once on action_decisions (grant_id) where accepted;
create unique index action_decisions_accepted_once on action_decisions (action_id) where accepted;

create table action_intents (
  action_id text primary key references actions,
  state text not null default 'prepared'
    check (state in ('prepared', 'sent', 'applied', 'rejected', 'not-applied', 'unknown')),
  epoch integer not null default 0,
  idempotency_key text not null,
  plan_hash text not null,
  prepared_at timestamptz(3) not null,
  sent_at timestamptz(3),
  settled_at timestamptz(3),
  reply json,
  evidence_ids json not null default '[]'
);

create table decision_outbox (
  grant_id text primary key,
  action_id text not null,
  signal json,
  created_at timestamptz(3) not null,
  delivered_at timestamptz(3),
  check ((signal is null) = (delivered_at is not null))
);
create index decision_outbox_undelivered on decision_outbox (created_at) where delivered_at is null;

create table slo_episodes (
  slo text not null,
  episode integer not null,
  began_at timestamptz(3) not null,
  ended_at timestamptz(3) check (ended_at >= began_at),
  investigation_id text not null,
  primary key (slo, episode)
);
create unique index slo_episodes_one_open on slo_episodes (slo) where ended_at is null;

create table slo_evaluations (
  ordinal bigint generated always as identity primary key,
  slo text not null,
  state text not null check (state in ('burning', 'quiet', 'unknown')),
  at timestamptz(3) not null,
  detail json not null
);
`;

export const firstTables = {
  up: async (db: Kysely<unknown>): Promise<void> => {
    await sql.raw(ddl).execute(db);
  },
};
