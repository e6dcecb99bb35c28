create table action_decisions (
  key text not null,
  ordinal bigint not null generated always as identity,
  action_id text not null,
  at timestamp(3) with time zone not null,
  signal json not null,
  person text,
  grant_id text,
  accepted boolean not null,
  because text not null,
  constraint action_decisions_pkey PRIMARY KEY (key),
  constraint action_decisions_check CHECK (((NOT accepted) OR ((person IS NOT NULL) AND (grant_id IS NOT NULL))))
);

create table action_intents (
  action_id text not null,
  state text not null default 'prepared'::text,
  epoch integer not null default 0,
  idempotency_key text not null,
  plan_hash text not null,
  prepared_at timestamp(3) with time zone not null,
  sent_at timestamp(3) with time zone,
  settled_at timestamp(3) with time zone,
  reply json,
  evidence_ids json not null default '[]'::json,
  constraint action_intents_pkey PRIMARY KEY (action_id),
  constraint action_intents_state_check CHECK ((state = ANY (ARRAY['prepared'::text, 'sent'::text, 'applied'::text, 'rejected'::text, 'not-applied'::text, 'unknown'::text])))
);

create table actions (
  action_id text not null,
  investigation_id text not null,
  plan json not null,
  plan_hash text not null,
  state text not null default 'proposed'::text,
  decided_by text,
  proposed_at timestamp(3) with time zone not null,
  expires_at timestamp(3) with time zone not null,
  constraint actions_pkey PRIMARY KEY (action_id),
  constraint actions_plan_hash_check CHECK ((plan_hash ~ '^[0-9a-f]{64}$'::text)),
  constraint actions_state_check CHECK ((state = ANY (ARRAY['proposed'::text, 'approved'::text, 'refused'::text, 'rejected'::text, 'expired'::text, 'sent'::text, 'applied'::text, 'not-applied'::text, 'unknown'::text])))
);

create table decision_outbox (
  grant_id text not null,
  action_id text not null,
  signal json,
  created_at timestamp(3) with time zone not null,
  delivered_at timestamp(3) with time zone,
  constraint decision_outbox_pkey PRIMARY KEY (grant_id),
  constraint decision_outbox_check CHECK (((signal IS NULL) = (delivered_at IS NOT NULL)))
);

create table deliveries (
  ordinal bigint not null generated always as identity,
  source text not null,
  subject text not null,
  state text not null,
  outcome text not null,
  investigation_id text,
  at timestamp(3) with time zone not null,
  constraint deliveries_pkey PRIMARY KEY (ordinal),
  constraint deliveries_outcome_check CHECK ((outcome = ANY (ARRAY['started'::text, 'closed'::text, 'test'::text, 'ignored'::text]))),
  constraint deliveries_source_check CHECK ((source = 'gcp'::text))
);

create table evidence (
  investigation_id text not null,
  id text not null,
  body_hash text not null,
  about json not null,
  taken_at timestamp(3) with time zone not null,
  position integer not null,
  constraint evidence_pkey PRIMARY KEY (investigation_id, id)
);

create table evidence_bodies (
  hash text not null,
  encoding text not null,
  bytes bytea not null,
  size_bytes integer not null,
  constraint evidence_bodies_pkey PRIMARY KEY (hash),
  constraint evidence_bodies_encoding_check CHECK ((encoding = 'gzip'::text)),
  constraint evidence_bodies_hash_check CHECK ((hash ~ '^[0-9a-f]{64}$'::text))
);

create table investigations (
  id text not null,
  idempotency_key text,
  request_hash text not null,
  request json not null,
  case_dir text,
  case_name text,
  alert json not null,
  title text not null,
  trigger text not null,
  status text not null default 'accepted'::text,
  phase text,
  percent integer not null default 0,
  verdict text,
  summary text,
  report json,
  last_sequence integer not null default 0,
  created_at timestamp(3) with time zone not null default clock_timestamp(),
  started_at timestamp(3) with time zone,
  ended_at timestamp(3) with time zone,
  constraint investigations_pkey PRIMARY KEY (id),
  constraint investigations_case CHECK (((case_dir IS NULL) = (case_name IS NULL))),
  constraint investigations_idempotency_key_key UNIQUE (idempotency_key),
  constraint investigations_percent_check CHECK (((percent >= 0) AND (percent <= 100))),
  constraint investigations_status_check CHECK ((status = ANY (ARRAY['accepted'::text, 'running'::text, 'completed'::text, 'cancelled'::text, 'failed'::text]))),
  constraint investigations_trigger_check CHECK ((trigger = ANY (ARRAY['http'::text, 'cli'::text, 'slo-sweep'::text, 'webhook'::text]))),
  constraint investigations_verdict_check CHECK ((verdict = ANY (ARRAY['cause-found'::text, 'no-cause-found'::text, 'inconclusive'::text])))
);

create table model_calls (
  id text not null,
  investigation_id text not null,
  workflow_id text not null,
  step_key text not null,
  attempt integer not null,
  ask integer not null,
  provider text not null,
  model text not null,
  state text not null,
  code text,
  reserved_tokens bigint not null,
  reserved_usd_micros bigint not null,
  input_tokens bigint not null default 0,
  cached_tokens bigint not null default 0,
  output_tokens bigint not null default 0,
  usd_micros bigint not null default 0,
  reserved_at timestamp(3) with time zone not null,
  settled_at timestamp(3) with time zone,
  constraint model_calls_pkey PRIMARY KEY (id),
  constraint model_calls_state_check CHECK ((state = ANY (ARRAY['reserved'::text, 'settled'::text, 'failed'::text])))
);

create table progress_events (
  investigation_id text not null,
  sequence integer not null,
  at timestamp(3) with time zone not null,
  type text not null,
  phase text not null,
  stage text not null,
  role text not null,
  ooda_phase text,
  round integer not null,
  step_key text not null,
  attempt integer not null,
  percent integer not null,
  text text not null,
  data json not null,
  constraint progress_events_pkey PRIMARY KEY (investigation_id, sequence),
  constraint progress_events_investigation_id_step_key_type_attempt_key UNIQUE (investigation_id, step_key, type, attempt),
  constraint progress_events_percent_check CHECK (((percent >= 0) AND (percent <= 100))),
  constraint progress_events_type_check CHECK ((type = ANY (ARRAY['begun'::text, 'ended'::text, 'failed'::text, 'note'::text, 'finished'::text, 'action'::text])))
);

create table prompts (
  hash text not null,
  text text not null,
  constraint prompts_pkey PRIMARY KEY (hash)
);

create table sessions (
  hash text not null,
  kind text not null,
  person text not null,
  expires_at timestamp(3) with time zone not null,
  constraint sessions_pkey PRIMARY KEY (hash),
  constraint sessions_kind_check CHECK ((kind = ANY (ARRAY['code'::text, 'session'::text])))
);

create table slo_episodes (
  slo text not null,
  episode integer not null,
  began_at timestamp(3) with time zone not null,
  ended_at timestamp(3) with time zone,
  investigation_id text not null,
  constraint slo_episodes_pkey PRIMARY KEY (slo, episode),
  constraint slo_episodes_check CHECK ((ended_at >= began_at))
);

create table slo_evaluations (
  ordinal bigint not null generated always as identity,
  slo text not null,
  state text not null,
  at timestamp(3) with time zone not null,
  detail json not null,
  constraint slo_evaluations_pkey PRIMARY KEY (ordinal),
  constraint slo_evaluations_state_check CHECK ((state = ANY (ARRAY['burning'::text, 'quiet'::text, 'unknown'::text])))
);

create table step_attempts (
  workflow_id text not null,
  step_key text not null,
  attempt integer not null,
  investigation_id text not null,
  begun_at timestamp(3) with time zone not null,
  ended_at timestamp(3) with time zone,
  outcome text not null default 'open'::text,
  code text,
  message text,
  tool_calls integer not null default 0,
  constraint step_attempts_pkey PRIMARY KEY (workflow_id, step_key, attempt),
  constraint step_attempts_outcome_check CHECK ((outcome = ANY (ARRAY['open'::text, 'done'::text, 'failed'::text])))
);

create table step_results (
  workflow_id text not null,
  step_key text not null,
  investigation_id text not null,
  attempt integer not null,
  result json not null,
  closed_at timestamp(3) with time zone not null,
  constraint step_results_pkey PRIMARY KEY (workflow_id, step_key)
);

alter table evidence_bodies alter column bytes set storage external;
CREATE INDEX action_decisions_of_action ON action_decisions USING btree (action_id);
CREATE INDEX actions_of_investigation ON actions USING btree (investigation_id);
CREATE INDEX decision_outbox_undelivered ON decision_outbox USING btree (created_at) WHERE (delivered_at IS NULL);
CREATE INDEX investigations_newest ON investigations USING btree (created_at DESC);
CREATE INDEX investigations_unstarted ON investigations USING btree (created_at) WHERE (status = 'accepted'::text);
CREATE INDEX model_calls_investigation ON model_calls USING btree (investigation_id, reserved_at);
CREATE INDEX model_calls_time ON model_calls USING btree (reserved_at);
CREATE INDEX sessions_expiry ON sessions USING btree (expires_at);
CREATE INDEX step_attempts_of_investigation ON step_attempts USING btree (investigation_id);
CREATE UNIQUE INDEX action_decisions_accepted_once ON action_decisions USING btree (action_id) WHERE accepted;
CREATE UNIQUE INDEX action_decisions_grant_once ON action_decisions USING btree (grant_id) WHERE accepted;
CREATE UNIQUE INDEX progress_events_ended_once ON progress_events USING btree (investigation_id, step_key) WHERE (type = 'ended'::text);
CREATE UNIQUE INDEX slo_episodes_one_open ON slo_episodes USING btree (slo) WHERE (ended_at IS NULL);
alter table action_intents add constraint action_intents_action_id_fkey FOREIGN KEY (action_id) REFERENCES actions(action_id);
alter table actions add constraint actions_investigation_id_fkey FOREIGN KEY (investigation_id) REFERENCES investigations(id);
alter table deliveries add constraint deliveries_investigation_id_fkey FOREIGN KEY (investigation_id) REFERENCES investigations(id);
alter table evidence add constraint evidence_body_hash_fkey FOREIGN KEY (body_hash) REFERENCES evidence_bodies(hash);
alter table evidence add constraint evidence_investigation_id_fkey FOREIGN KEY (investigation_id) REFERENCES investigations(id);
alter table model_calls add constraint model_calls_investigation_id_fkey FOREIGN KEY (investigation_id) REFERENCES investigations(id);
alter table progress_events add constraint progress_events_investigation_id_fkey FOREIGN KEY (investigation_id) REFERENCES investigations(id);
alter table step_attempts add constraint step_attempts_investigation_id_fkey FOREIGN KEY (investigation_id) REFERENCES investigations(id);
alter table step_results add constraint step_results_investigation_id_fkey FOREIGN KEY (investigation_id) REFERENCES investigations(id);
