import type { Activities } from '../activities/index.ts';
import type { InvestigationPhase } from '../core/schemas/roles.ts';
import type { ProposedAction, SpecialistInput, SpecialistResult } from './messages.ts';

/** How a step may take, fail and be cancelled: each stands for a set of activity options. */
export type StepKind = 'read' | 'propose' | 'step' | 'model' | 'owed' | 'send' | 'readBack';

/**
 * Calls an activity under the options of its kind. `summary` is what people read of it in the Temporal UI, e.g. "log · orient · round 2"; steps with the
 * same `group` fold together there.
 */
export type CallStep = <Name extends keyof Activities>(
  kind: StepKind,
  name: Name,
  summary: string,
  group: string | null,
  input: Parameters<Activities[Name]>[0],
) => Promise<Awaited<ReturnType<Activities[Name]>>>;

/** What a loop asks of the engine that runs it: Temporal, or one process in which benchmarks run many. */
export interface LoopHands {
  readonly workflowId: string;
  readonly callStep: CallStep;
  /** Cancels `work` when it takes longer. */
  within<Result>(ms: number, work: () => Promise<Result>): Promise<Result>;
  /** Rejects as cancelled when the run was asked to stop. */
  heedCancellation(): Promise<void>;
  /** Tells people where the run stands. */
  show(details: string): void;
}

/** What a whole investigation asks of its engine besides. */
export interface InvestigationHands extends LoopHands {
  isCancelled(): boolean;
  showPhase(phase: InvestigationPhase, details: string): void;
  /** Runs a specialist to its end under an id of its own; rejects only when it is cancelled or its engine fails. */
  runSpecialist(workflowId: string, input: SpecialistInput): Promise<SpecialistResult>;
  sleep(ms: number, summary: string): Promise<void>;
  /** Lets a proposed write wait for a person, outliving the investigation; does nothing for one that waits already. */
  handOver(action: ProposedAction): Promise<void>;
}
