import type { Action, ActionPlan, DecideAction, DecisionKind } from '../core/schemas/action.ts';
import type { Alert } from '../core/schemas/alert.ts';
import type { Evidence } from '../core/schemas/evidence.ts';
import type { InvestigationRequest } from '../core/schemas/investigation.ts';
import type { ProgressDraft, ProgressEvent } from '../core/schemas/progress.ts';
import type { Report, Verdict } from '../core/schemas/report.ts';
import type { InvestigationPhase } from '../core/schemas/roles.ts';

/**
 * Everything that Holdfast keeps in PostgreSQL, by table family. All instants are epoch milliseconds. Every method rejects with
 * `unavailable.database` when the server cannot be reached; nothing is half-written: a method is one transaction.
 */
export interface Store {
  readonly investigations: Investigations;
  readonly steps: Steps;
  readonly evidence: EvidenceShelf;
  readonly events: Events;
  readonly ledger: Ledger;
  readonly modelCalls: ModelCalls;
  readonly actions: Actions;
  readonly slos: Slos;
  readonly sessions: Sessions;
  readonly deliveries: Deliveries;
  /** One cheap round trip; rejects when the database is away. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

export type InvestigationStatus = 'accepted' | 'running' | 'completed' | 'cancelled' | 'failed';

export interface InvestigationRow {
  readonly id: string;
  readonly request: InvestigationRequest;
  /** Absolute folder of the case, resolved when the request was accepted; null when received telemetry is investigated. */
  readonly caseDir: string | null;
  readonly caseName: string | null;
  readonly alert: Alert;
  readonly title: string;
  readonly trigger: 'http' | 'cli' | 'slo-sweep' | 'webhook';
  readonly status: InvestigationStatus;
  readonly phase: InvestigationPhase | null;
  readonly percent: number;
  readonly verdict: Verdict | null;
  readonly summary: string | null;
  readonly createdAt: number;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
}

export interface NewInvestigation {
  readonly id: string;
  readonly request: InvestigationRequest;
  readonly caseDir: string | null;
  readonly caseName: string | null;
  readonly alert: Alert;
  readonly title: string;
  readonly trigger: 'http' | 'cli' | 'slo-sweep' | 'webhook';
  readonly idempotencyKey?: string;
  /** SHA-256 of the canonical request; a key that comes again with another hash is a conflict. */
  readonly requestHash: string;
}

export interface Investigations {
  /** Stores a request once a key. Rejects with `conflict.idempotency-key` when the key belongs to a different request. */
  create(
    investigation: NewInvestigation,
  ): Promise<{ readonly row: InvestigationRow; readonly created: boolean }>;
  get(id: string): Promise<InvestigationRow | null>;
  /** Newest first; `before` is a createdAt to continue from. Those created in the same millisecond stay on one page, which may so pass the limit. */
  list(page: {
    readonly limit: number;
    readonly before?: number;
    readonly status?: InvestigationRow['status'];
  }): Promise<readonly InvestigationRow[]>;
  /** Accepted requests whose workflow is not known to have started, oldest first: the outbox of starts. */
  unstarted(limit: number): Promise<readonly InvestigationRow[]>;
  markStarted(id: string, at: number): Promise<void>;
  /** The report without actions, as written; null before it exists. */
  report(id: string): Promise<Report | null>;
}

/** Names one step: memo key and place in the story. `stepKey` is unique within the workflow. */
export interface StepRef {
  readonly investigationId: string;
  readonly workflowId: string;
  readonly stepKey: string;
  readonly attempt: number;
}

export interface StepCost {
  readonly toolCalls: number;
}

/** What an investigation took in all, calls that failed included. */
export interface TotalCost extends StepCost {
  readonly modelCalls: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly usdMicros: number;
}

/** What happens in the same transaction as the memo of a step, besides evidence and events. */
export interface StepWrites {
  readonly finish?: {
    readonly status: 'completed' | 'cancelled' | 'failed';
    readonly at: number;
    readonly report: Report;
  };
  readonly proposeAction?: { readonly plan: ActionPlan; readonly planHash: string };
}

export interface Steps {
  /**
   * Opens an attempt: gives the memoised result if the step has one; else writes the `begun` event and a ledger row for this attempt, at
   * once, and gives null. `begun` null writes the ledger row only. Rejects with `not-found.investigation`.
   */
  begin(
    ref: StepRef,
    begun: ProgressDraft | null,
    at: number,
  ): Promise<{ readonly result: unknown } | null>;
  /**
   * Closes the step in one transaction: memo, evidence, ledger row, other writes, events. If another attempt closed it before, only the ledger row of
   * this one is written, and that attempt's result is given back; while another one is closing it, this waits. The result is given back as it was kept,
   * as JSON.
   */
  complete(
    ref: StepRef,
    outcome: {
      readonly result: unknown;
      readonly at: number;
      readonly evidence: readonly Evidence[];
      readonly events: readonly ProgressDraft[];
      readonly cost: StepCost;
      readonly writes?: StepWrites;
    },
  ): Promise<{ readonly result: unknown }>;
  /** Records in the ledger that this attempt failed, with a code and a message, and writes the events; these not if the step was closed all the same. */
  fail(
    ref: StepRef,
    failure: {
      readonly at: number;
      readonly code: string;
      readonly message: string;
      readonly events: readonly ProgressDraft[];
    },
  ): Promise<void>;
  /** Memoised results of the named steps, in the order asked; a step that is not there is left out. */
  results(
    refs: readonly { readonly workflowId: string; readonly stepKey: string }[],
  ): Promise<
    readonly { readonly workflowId: string; readonly stepKey: string; readonly result: unknown }[]
  >;
}

export interface EvidenceShelf {
  get(investigationId: string, evidenceId: string): Promise<Evidence | null>;
  /** Those of the ids that exist, bodies included. */
  many(investigationId: string, evidenceIds: readonly string[]): Promise<readonly Evidence[]>;
  /** All of one investigation without bodies, in the order taken. Evidence taken twice stands as it was taken first. */
  list(investigationId: string): Promise<readonly Omit<Evidence, 'data'>[]>;
}

export interface Events {
  /** Events after `sequence`, ascending. */
  since(
    investigationId: string,
    sequence: number,
    limit: number,
  ): Promise<readonly ProgressEvent[]>;
  /** Writes events outside a step (cancel asked, action outcome). A repeated stepKey+type+attempt is ignored. */
  append(investigationId: string, events: readonly ProgressDraft[], at: number): Promise<void>;
  /** Calls back with the investigation id when it has new events (LISTEN/NOTIFY); reconnects by itself. Gives the way to stop. */
  subscribe(investigationId: string, wake: () => void): Promise<() => Promise<void>>;
}

export interface LedgerRow {
  readonly investigationId: string;
  readonly workflowId: string;
  readonly stepKey: string;
  readonly attempt: number;
  readonly begunAt: number;
  readonly endedAt: number | null;
  readonly outcome: 'open' | 'done' | 'failed';
  readonly code: string | null;
  readonly cost: StepCost;
}

export interface Ledger {
  list(investigationId: string): Promise<readonly LedgerRow[]>;
  /** Sum over all attempts, and all calls of a model. */
  total(investigationId: string): Promise<TotalCost>;
}

/** What a call of a model may take at most, set aside before it is made. */
export interface ModelReservation {
  /** Names this one call. */
  readonly id: string;
  readonly investigationId: string;
  readonly workflowId: string;
  readonly stepKey: string;
  readonly attempt: number;
  /** Which call of its attempt, from 1. */
  readonly ask: number;
  readonly provider: string;
  readonly model: string;
  readonly tokens: number;
  readonly usdMicros: number;
  readonly at: number;
  readonly limits: ModelLimits;
}

/** Of one investigation, and of an hour of all of them together. */
export interface ModelLimits {
  readonly tokens: number;
  readonly usdMicros: number;
  readonly usdMicrosPerHour: number;
}

export interface ModelCallRow {
  readonly id: string;
  readonly stepKey: string;
  readonly attempt: number;
  readonly ask: number;
  readonly provider: string;
  readonly model: string;
  readonly state: 'reserved' | 'settled' | 'failed';
  readonly code: string | null;
  readonly reservedTokens: number;
  readonly reservedUsdMicros: number;
  readonly inputTokens: number;
  readonly cachedTokens: number;
  readonly outputTokens: number;
  readonly usdMicros: number;
  readonly reservedAt: number;
  readonly settledAt: number | null;
}

export interface ModelCalls {
  /** Sets aside what a call may take, or says which limit that would pass, and keeps that too; of calls made at once no two can pass one together. */
  reserve(
    reservation: ModelReservation,
  ): Promise<{ readonly refused: 'tokens' | 'money' | 'money-per-hour' | null }>;
  /** Replaces what was set aside by what it took; `code` says why it failed, null when it did not. Once settled it stays so. */
  settle(
    id: string,
    settlement: {
      readonly at: number;
      readonly code: string | null;
      readonly inputTokens: number;
      readonly cachedTokens: number;
      readonly outputTokens: number;
      readonly usdMicros: number;
    },
  ): Promise<void>;
  /** Every call of an investigation, in the order made. */
  list(investigationId: string): Promise<readonly ModelCallRow[]>;
  /** Keeps the text of a prompt under its hash: runs that began with it go on with it. */
  keepPrompt(hash: string, text: string): Promise<void>;
  prompt(hash: string): Promise<string | null>;
}

export type IntentState = 'prepared' | 'sent' | 'applied' | 'rejected' | 'not-applied' | 'unknown';

export interface IntentRow {
  readonly actionId: string;
  readonly state: IntentState;
  /** The activity attempt that may send; a later attempt fences out an earlier one. */
  readonly epoch: number;
  readonly idempotencyKey: string;
  readonly planHash: string;
  readonly preparedAt: number;
  readonly sentAt: number | null;
  readonly settledAt: number | null;
  readonly reply: unknown;
  /** Of all settlements so far. */
  readonly evidenceIds: readonly string[];
}

export interface DecisionRecord {
  /** Names this arrival of a signal, e.g. by workflow and step: recorded again under the same key, it gives what was recorded first. */
  readonly key: string;
  readonly actionId: string;
  readonly at: number;
  /** `decision` is null where what arrived could not be read. */
  readonly signal: Omit<DecideAction, 'decision'> & { readonly decision: DecisionKind | null };
  readonly person: string | null;
  readonly grantId: string | null;
  readonly accepted: boolean;
  readonly because: string;
}

/** A decision that the API has taken and must bring to the workflow: the outbox of signals. */
export interface OutgoingDecision {
  readonly grantId: string;
  readonly actionId: string;
  readonly signal: DecideAction;
  readonly createdAt: number;
}

export interface Actions {
  get(actionId: string): Promise<Action | null>;
  ofInvestigation(investigationId: string): Promise<readonly Action[]>;
  /**
   * Records a decision that reached the workflow and, if accepted, moves the action to approved or rejected. An accepted decision that has no grant or
   * one used before, whose hash is not that of the plan, or whose action has expired or is no longer proposed, is recorded as refused instead. Gives what
   * was recorded, without the grant itself, which is not kept.
   */
  recordDecision(record: DecisionRecord): Promise<DecisionRecord>;
  /** `accepted` decision of an action, if there is one. */
  acceptedDecision(
    actionId: string,
  ): Promise<{ readonly person: string; readonly decision: DecisionKind } | null>;
  /** Moves a proposed action to expired; does nothing in any other state. */
  expire(actionId: string, at: number): Promise<void>;
  /** Writes the intent as PREPARED if there is none; gives the row as it is. Rejects with `unsafe.denied` without an accepted approval. */
  prepare(intent: {
    readonly actionId: string;
    readonly planHash: string;
    readonly idempotencyKey: string;
    readonly at: number;
  }): Promise<IntentRow>;
  /** Compare-and-set PREPARED or SENT(lower epoch) → SENT(epoch). Null when the intent is settled or a later epoch holds it. */
  markSent(actionId: string, epoch: number, at: number): Promise<IntentRow | null>;
  /**
   * Settles a sent intent and its action in one transaction; only the epoch that holds it may. Unknown may be settled again, by a read-back; all else is
   * final and stays as it is. What the target rejected makes the action `refused`. Gives the row.
   */
  settle(settlement: {
    readonly actionId: string;
    readonly epoch: number;
    readonly state: 'applied' | 'rejected' | 'not-applied' | 'unknown';
    readonly reply: unknown;
    /** Kept in the same transaction: what settled a write is not lost with the step that did it. */
    readonly evidence: readonly Evidence[];
    readonly at: number;
  }): Promise<IntentRow>;
  intent(actionId: string): Promise<IntentRow | null>;
  /** Keeps a signed decision until its signal has been delivered. */
  enqueueDecision(decision: OutgoingDecision): Promise<void>;
  undeliveredDecisions(limit: number): Promise<readonly OutgoingDecision[]>;
  markDelivered(grantId: string, at: number): Promise<void>;
}

export interface EpisodeRow {
  readonly slo: string;
  readonly episode: number;
  readonly beganAt: number;
  readonly endedAt: number | null;
  readonly investigationId: string;
}

export interface Slos {
  /**
   * Takes note of one evaluation. `burning` opens an episode if none is open (the new row carries `investigationId`) and `quiet` closes the
   * open one; `unknown` changes nothing. `opened` is true for exactly the call that opened it.
   */
  note(evaluation: {
    readonly slo: string;
    readonly state: 'burning' | 'quiet' | 'unknown';
    readonly at: number;
    readonly investigationId: string;
    readonly detail: unknown;
  }): Promise<{ readonly opened: boolean; readonly episode: EpisodeRow | null }>;
  /** Evaluations, newest first. */
  evaluations(limit: number): Promise<
    readonly {
      readonly slo: string;
      readonly state: string;
      readonly at: number;
      readonly detail: unknown;
    }[]
  >;
}

/** Who may act from a browser. Codes and sessions are kept as SHA-256, so that reading the table gives nobody either. */
export interface Sessions {
  /** Keeps a code until it is exchanged or expires, and forgets what has expired by `at`. */
  issueCode(code: {
    readonly hash: string;
    readonly person: string;
    readonly at: number;
    readonly expiresAt: number;
  }): Promise<void>;
  /** Uses a code up and opens a session of its person; null for a code that is unknown, used or expired. */
  exchange(exchange: {
    readonly codeHash: string;
    readonly sessionHash: string;
    readonly at: number;
    /** Of the session. */
    readonly expiresAt: number;
  }): Promise<string | null>;
  /** Whose session it is; null when there is none or it has expired. */
  personOf(sessionHash: string, at: number): Promise<string | null>;
}

/** A notification that a webhook has brought: which incident it is about, how that stood, and what was made of it. */
export interface Delivery {
  readonly source: 'gcp';
  readonly subject: string;
  readonly state: string;
  readonly outcome: 'started' | 'closed' | 'test' | 'ignored';
  readonly investigationId: string | null;
  readonly at: number;
}

export interface Deliveries {
  note(delivery: Delivery): Promise<void>;
  /** Newest first. */
  list(limit: number): Promise<readonly Delivery[]>;
}
