import { defineQuery, defineSignal } from '@temporalio/workflow';
import { defineSearchAttributeKey } from '@temporalio/common';
import type { Sinks } from '@temporalio/workflow';
import type { Budget } from '../core/schemas/investigation.ts';
import type { InvestigationPhase, Role, Specialist } from '../core/schemas/roles.ts';
import type { ToolCall } from '../core/schemas/tool-call.ts';

/** Every message that crosses into a workflow, and the names under which workflows and queues are known. */

export const taskQueues = {
  main: 'holdfast',
  read: 'holdfast-read',
  model: 'holdfast-model',
  write: 'holdfast-write',
} as const;

export const workflowTypes = {
  investigate: 'investigateIncident',
  specialist: 'runSpecialist',
  action: 'carryOutAction',
  sweep: 'sweepSlos',
} as const;

/** Typed search attributes, within the limits of SQL visibility (10 Keyword, 3 Int, 3 Bool, 3 KeywordList). */
export const searchAttributes = {
  service: defineSearchAttributeKey('Service', 'KEYWORD'),
  phase: defineSearchAttributeKey('Phase', 'KEYWORD'),
  trigger: defineSearchAttributeKey('Trigger', 'KEYWORD'),
  verdict: defineSearchAttributeKey('Verdict', 'KEYWORD'),
  severity: defineSearchAttributeKey('Severity', 'INT'),
  needsApproval: defineSearchAttributeKey('NeedsApproval', 'BOOL'),
  agents: defineSearchAttributeKey('Agents', 'KEYWORD_LIST'),
} as const;

/** Names one memoised step: where other steps find what it kept. */
export interface StepKey {
  readonly workflowId: string;
  readonly stepKey: string;
}

/** A member of the squad as it was when the run began: its limits and the tools it may call. */
export interface FrozenMember {
  readonly rounds: number;
  readonly calls: number;
  readonly tools: readonly string[];
}

/** What a model is told to be: one text each, made of a common part and its own. */
export type PromptName = Specialist | 'root-cause' | 'plan' | 'diagnosis';

/** The model of a run as it was when the run began: which one, under which prompts (by the hashes of their texts), within which limits. */
export interface FrozenModel {
  readonly provider: string;
  readonly name: string;
  readonly prompts: Readonly<Record<PromptName, string>>;
  readonly maxOutputTokens: number;
  readonly limits: {
    readonly tokens: number;
    readonly usdMicros: number;
    readonly usdMicrosPerHour: number;
  };
  /** Whether nothing else may decide. */
  readonly isRequired: boolean;
}

/** What one step may do with the model. */
export interface ModelUse {
  readonly model: FrozenModel;
  /** From then on nothing is asked any more, epoch milliseconds. */
  readonly endsAt: number;
  /** Tools that may be called, and those of others that may be asked for. */
  readonly tools: readonly string[];
  readonly asks: Readonly<Partial<Record<Specialist, readonly string[]>>>;
}

/** What a run depends on, frozen when it starts: improving an agent changes no run under way. */
export interface InvestigateInput {
  readonly investigationId: string;
  readonly budget: Budget;
  readonly squad: Readonly<Record<Specialist | 'root-cause', FrozenMember>>;
  /** Identifies the embedded policies that a run began with. */
  readonly policyVersion: string;
  readonly approvalTtlMs: number;
  /** Left out where the embedded policies decide alone. */
  readonly model?: FrozenModel;
  /** Received telemetry is investigated: on snapshots that this run takes of it. */
  readonly isLive?: true;
}

export interface InvestigateResult {
  readonly investigationId: string;
  readonly status: 'completed' | 'cancelled' | 'failed';
  readonly verdict: 'cause-found' | 'no-cause-found' | 'inconclusive';
  readonly summary: string;
  readonly actionId: string | null;
}

export interface SpecialistInput {
  readonly investigationId: string;
  readonly role: Specialist;
  readonly brief: StepKey;
  readonly member: FrozenMember;
  readonly deadlineAt: number;
  readonly phase: InvestigationPhase;
  /** Begins every step key of this run; unique within the investigation. */
  readonly prefix: string;
  /** What to find out; from the plan, or from root cause when this run answers a question. */
  readonly question: string;
  /** The first round's calls. */
  readonly calls: readonly ToolCall[];
  /** The decision of another loop that this run carries out; null when the plan asked. */
  readonly carriesOut: CarriedOut | null;
  readonly model?: FrozenModel;
}

/** An act phase, written by the step that carries it out. */
export interface CarriedOut {
  readonly role: Role;
  readonly phase: InvestigationPhase;
  readonly round: number;
  readonly stepKey: string;
  readonly text: string;
}

export interface SpecialistResult {
  readonly role: Specialist;
  readonly ended: 'answered' | 'rounds' | 'calls' | 'time' | 'failed' | 'cancelled';
  /** The step that keeps the finding; null when the loop ended without one. */
  readonly finding: StepKey | null;
  /** The steps that keep what was observed, in order. */
  readonly observed: readonly StepKey[];
  /** Where its rounds are kept: the workflow and what its step keys begin with. */
  readonly workflowId: string;
  readonly prefix: string;
  readonly rounds: number;
  readonly calls: number;
}

/** References to everything an investigation has gathered; whatever is missing was not reached. */
export interface Story {
  readonly brief: StepKey | null;
  readonly plan: StepKey | null;
  readonly specialists: readonly SpecialistResult[];
  /** Those of a first look whose questions were asked again: their rounds are told, their findings count no more. */
  readonly earlier?: readonly SpecialistResult[];
  /** A live run was to look again at what had arrived late, and could not. */
  readonly hasSecondLookFailed?: true;
  readonly synthesis: StepKey | null;
  /** Rounds of root cause, which runs in the investigation's own workflow. */
  readonly synthesisRounds: number;
  readonly verification: StepKey | null;
  /** What a model made of it all; only where one was to. */
  readonly diagnosis?: StepKey;
  readonly ended: SpecialistResult['ended'];
}

/** A write that has been frozen and waits for a decision. */
export interface ProposedAction {
  readonly actionId: string;
  readonly planHash: string;
  readonly expiresAt: number;
  readonly summary: string;
}

export interface CarryOutInput {
  readonly investigationId: string;
  readonly actionId: string;
  readonly planHash: string;
  readonly expiresAt: number;
  /** How long after its end the action still takes note of late decisions, in milliseconds. */
  readonly lingerMs: number;
  /** What runs before this one have heard; left out by whoever starts the first. */
  readonly heard?: {
    readonly decisions: number;
    /** How the action ended; null while it waits for a decision. */
    readonly ended: CarryOutResult['state'] | null;
  };
}

export interface CarryOutResult {
  readonly actionId: string;
  readonly state: 'rejected' | 'expired' | 'applied' | 'not-applied' | 'unknown' | 'refused';
}

/** One SLO to evaluate over one case; the sweep's "now" is the end of the case's window. */
export interface SloTarget {
  readonly sloFile: string;
  readonly caseDir: string;
}

export interface SweepInput {
  readonly targets: readonly SloTarget[];
}

export interface SweepResult {
  readonly evaluated: number;
  readonly burning: number;
  readonly opened: readonly string[];
}

/** A person's decision on a frozen action, of the shape `DecideAction`; worth nothing without a valid grant. What arrives may be anything. */
export const decideActionSignal = defineSignal<[unknown]>('decideAction');

/** Where an investigation stands; for people in the Temporal UI. Lists and pages read the database instead. */
export const statusQuery = defineQuery<{
  readonly phase: InvestigationPhase;
  readonly running: readonly string[];
}>('status');

/** Under this name a trace is carried in the headers of workflows and activities. */
export const traceHeader = 'traceparent';

/** What a workflow says of its own span when it ends. */
export interface WorkflowSpan {
  readonly parent: string;
  readonly spanId: string;
  readonly startedAt: number;
  readonly endedAt: number;
  /** What the workflow was started with. */
  readonly input: unknown;
  /** Null when it ended well. */
  readonly errorType: string | null;
}

/** What workflows tell the worker, outside of what is replayed. */
export interface TraceSinks extends Sinks {
  readonly tracing: { workflowEnded(span: WorkflowSpan): void };
}
