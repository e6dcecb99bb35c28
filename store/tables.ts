import type { ColumnType, Generated, GeneratedAlways } from 'kysely';
import type { Action, DecideAction } from '../core/schemas/action.ts';
import type { ProgressEvent } from '../core/schemas/progress.ts';
import type { Verdict } from '../core/schemas/report.ts';
import type { InvestigationPhase } from '../core/schemas/roles.ts';
import type {
  DecisionRecord,
  Delivery,
  IntentState,
  InvestigationStatus,
  LedgerRow,
  ModelCallRow,
  NewInvestigation,
} from './store.ts';

/** An instant: read as epoch milliseconds, written as a `Date`. */
type Instant = ColumnType<number, Date, Date>;
type OptionalInstant = ColumnType<number | null, Date | null | undefined, Date | null>;
/** JSON kept as text: written as text, read as the value, whose shape is checked where it matters. */
type Json<Value = unknown> = ColumnType<Value, string, string>;
type OptionalJson = ColumnType<unknown, string | null | undefined, string | null>;
type Optional<Value> = ColumnType<Value | null, Value | null | undefined, Value | null>;

/** The tables as Kysely sees them; `migrations/` makes them. */
export interface Tables {
  readonly investigations: InvestigationsTable;
  readonly step_results: StepResultsTable;
  readonly step_attempts: StepAttemptsTable;
  readonly progress_events: ProgressEventsTable;
  readonly evidence_bodies: EvidenceBodiesTable;
  readonly evidence: EvidenceTable;
  readonly actions: ActionsTable;
  readonly action_decisions: ActionDecisionsTable;
  readonly action_intents: ActionIntentsTable;
  readonly decision_outbox: DecisionOutboxTable;
  readonly sessions: SessionsTable;
  readonly deliveries: DeliveriesTable;
  readonly slo_episodes: SloEpisodesTable;
  readonly slo_evaluations: SloEvaluationsTable;
  readonly model_calls: ModelCallsTable;
  readonly prompts: PromptsTable;
}

interface InvestigationsTable {
  readonly id: string;
  readonly idempotency_key: Optional<string>;
  readonly request_hash: string;
  readonly request: Json;
  readonly case_dir: string | null;
  readonly case_name: string | null;
  readonly alert: Json;
  readonly title: string;
  readonly trigger: NewInvestigation['trigger'];
  readonly status: Generated<InvestigationStatus>;
  readonly phase: Optional<InvestigationPhase>;
  readonly percent: Generated<number>;
  readonly verdict: Optional<Verdict>;
  readonly summary: Optional<string>;
  readonly report: OptionalJson;
  readonly last_sequence: Generated<number>;
  readonly created_at: ColumnType<number, never, never>;
  readonly started_at: OptionalInstant;
  readonly ended_at: OptionalInstant;
}

interface DeliveriesTable {
  readonly ordinal: GeneratedAlways<string>;
  readonly source: Delivery['source'];
  readonly subject: string;
  readonly state: string;
  readonly outcome: Delivery['outcome'];
  readonly investigation_id: string | null;
  readonly at: Instant;
}

interface StepResultsTable {
  readonly workflow_id: string;
  readonly step_key: string;
  readonly investigation_id: string;
  readonly attempt: number;
  readonly result: Json;
  readonly closed_at: Instant;
}

interface StepAttemptsTable {
  readonly workflow_id: string;
  readonly step_key: string;
  readonly attempt: number;
  readonly investigation_id: string;
  readonly begun_at: Instant;
  readonly ended_at: OptionalInstant;
  readonly outcome: Generated<LedgerRow['outcome']>;
  readonly code: Optional<string>;
  readonly message: Optional<string>;
  readonly tool_calls: Generated<number>;
}

interface ProgressEventsTable {
  readonly investigation_id: string;
  readonly sequence: number;
  readonly at: Instant;
  readonly type: ProgressEvent['type'];
  readonly phase: ProgressEvent['phase'];
  readonly stage: ProgressEvent['stage'];
  readonly role: ProgressEvent['role'];
  readonly ooda_phase: ProgressEvent['oodaPhase'];
  readonly round: number;
  readonly step_key: string;
  readonly attempt: number;
  readonly percent: number;
  readonly text: string;
  readonly data: Json<ProgressEvent['data']>;
}

interface EvidenceBodiesTable {
  /** SHA-256 of the JSON text before compression. */
  readonly hash: string;
  readonly encoding: 'gzip';
  readonly bytes: Buffer;
  /** Before compression. */
  readonly size_bytes: number;
}

interface EvidenceTable {
  readonly investigation_id: string;
  readonly id: string;
  readonly body_hash: string;
  /** All of the evidence but its id and data. */
  readonly about: Json;
  readonly taken_at: Instant;
  /** Place among those that were handed over together. */
  readonly position: number;
}

interface ActionsTable {
  readonly action_id: string;
  readonly investigation_id: string;
  readonly plan: Json;
  readonly plan_hash: string;
  readonly state: Generated<Action['state']>;
  readonly decided_by: Optional<string>;
  readonly proposed_at: Instant;
  readonly expires_at: Instant;
}

interface ActionDecisionsTable {
  readonly key: string;
  readonly ordinal: GeneratedAlways<number>;
  readonly action_id: string;
  readonly at: Instant;
  /** Without its grant, which is for use once and not for keeping. */
  readonly signal: Json<DecisionRecord['signal']>;
  readonly person: Optional<string>;
  readonly grant_id: Optional<string>;
  readonly accepted: boolean;
  readonly because: string;
}

interface ActionIntentsTable {
  readonly action_id: string;
  readonly state: Generated<IntentState>;
  readonly epoch: Generated<number>;
  readonly idempotency_key: string;
  readonly plan_hash: string;
  readonly prepared_at: Instant;
  readonly sent_at: OptionalInstant;
  readonly settled_at: OptionalInstant;
  readonly reply: OptionalJson;
  readonly evidence_ids: ColumnType<readonly string[], string | undefined, string>;
}

interface DecisionOutboxTable {
  readonly grant_id: string;
  readonly action_id: string;
  /** With its grant, so removed on delivery. */
  readonly signal: ColumnType<DecideAction | null, string, null>;
  readonly created_at: Instant;
  readonly delivered_at: OptionalInstant;
}

interface SloEpisodesTable {
  readonly slo: string;
  readonly episode: number;
  readonly began_at: Instant;
  readonly ended_at: OptionalInstant;
  readonly investigation_id: string;
}

interface SloEvaluationsTable {
  readonly ordinal: GeneratedAlways<number>;
  readonly slo: string;
  readonly state: 'burning' | 'quiet' | 'unknown';
  readonly at: Instant;
  readonly detail: Json;
}

interface SessionsTable {
  readonly hash: string;
  readonly kind: 'code' | 'session';
  readonly person: string;
  readonly expires_at: Instant;
}

interface ModelCallsTable {
  readonly id: string;
  readonly investigation_id: string;
  readonly workflow_id: string;
  readonly step_key: string;
  readonly attempt: number;
  readonly ask: number;
  readonly provider: string;
  readonly model: string;
  readonly state: ModelCallRow['state'];
  readonly code: Optional<string>;
  readonly reserved_tokens: number;
  readonly reserved_usd_micros: number;
  readonly input_tokens: Generated<number>;
  readonly cached_tokens: Generated<number>;
  readonly output_tokens: Generated<number>;
  readonly usd_micros: Generated<number>;
  readonly reserved_at: Instant;
  readonly settled_at: OptionalInstant;
}

interface PromptsTable {
  readonly hash: string;
  readonly text: string;
}
