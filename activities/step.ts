import { CancelledFailure, Context } from '@temporalio/activity';
import { isAppError } from '../core/errors.ts';
import type { Evidence } from '../core/schemas/evidence.ts';
import type { ProgressDraft } from '../core/schemas/progress.ts';
import type { InvestigationPhase, OodaPhase, Role } from '../core/schemas/roles.ts';
import type { StepCost, StepRef, StepWrites, Store } from '../store/store.ts';
import { percentOf, stageOf } from './progress.ts';
import { toApplicationFailure } from './failures.ts';

/** Where a step stands in the story of its investigation. `stepKey` is unique within the workflow and does not depend on attempt or run. */
export interface StepPlace {
  readonly investigationId: string;
  readonly stepKey: string;
  readonly phase: InvestigationPhase;
  readonly role: Role;
  readonly oodaPhase: OodaPhase | null;
  readonly round: number;
}

/** Gives the place of a step that belongs to no loop of rounds. */
export function placeOutsideRounds(
  { investigationId, stepKey }: Pick<StepPlace, 'investigationId' | 'stepKey'>,
  phase: InvestigationPhase,
  role: Role,
): StepPlace {
  return { investigationId, stepKey, phase, role, oodaPhase: null, round: 1 };
}

/** What a step hands over: `returned` goes through history and is small; `kept` stays in the database for later steps. */
export interface StepWork<Returned> {
  readonly returned: Returned;
  readonly kept?: unknown;
  readonly evidence?: readonly Evidence[];
  /** What was found or done, for people. */
  readonly text: string;
  readonly data?: ProgressDraft['data'];
  /** Further events that belong to the same moment. */
  readonly events?: readonly ProgressDraft[];
  readonly cost?: StepCost;
  readonly writes?: StepWrites;
}

/** The memo row of a step: written by this wrapper alone, so what is read back has the shape that the same step wrote. */
interface Memo<Returned> {
  readonly returned: Returned;
  readonly kept: unknown;
}

export type RunStep = <Returned>(
  place: StepPlace,
  begunText: string,
  work: (signal: AbortSignal, attempt: Attempt) => Promise<StepWork<Returned>>,
) => Promise<Returned>;

/** Which attempt of which workflow's step this is. */
export type Attempt = Pick<StepRef, 'workflowId' | 'attempt'>;

const heartbeatEveryMs = 3_000;
const noCost: StepCost = { toolCalls: 0 };

/** Makes a progress event of a step. */
export function progressOf(
  place: StepPlace,
  type: ProgressDraft['type'],
  attempt: number,
  text: string,
  data: ProgressDraft['data'] = {},
): ProgressDraft {
  return {
    type,
    phase: place.phase,
    stage: stageOf(place),
    role: place.role,
    oodaPhase: place.oodaPhase,
    round: place.round,
    stepKey: place.stepKey,
    attempt,
    percent: percentOf(place, type),
    text: text.slice(0, 500),
    data,
  };
}

/**
 * Makes the wrapper that every activity of an investigation runs in. A step is memoised under (workflow id, step key): if an earlier attempt
 * closed it, its result is given back and nothing runs. Otherwise `begun` is written at once with the attempt, the work runs with a heartbeat on
 * a timer and the activity's cancellation signal, and result, evidence, ledger row and `ended` are written in one transaction before anything is
 * returned. So what a kill repeats is at most the work of the step in flight, and the ledger shows it.
 */
export function createStepRunner(deps: {
  readonly store: Store;
  readonly now: () => number;
}): RunStep {
  return async <Returned>(
    place: StepPlace,
    begunText: string,
    work: (signal: AbortSignal, attempt: Attempt) => Promise<StepWork<Returned>>,
  ): Promise<Returned> => {
    const context = Context.current();
    const { attempt, workflowExecution } = context.info;
    const ref: StepRef = {
      investigationId: place.investigationId,
      workflowId: workflowExecution?.workflowId ?? place.investigationId,
      stepKey: place.stepKey,
      attempt,
    };
    const heartbeat = setInterval(() => context.heartbeat(), heartbeatEveryMs);
    try {
      const begun = progressOf(place, 'begun', attempt, begunText);
      const memo = await deps.store.steps.begin(ref, begun, deps.now());
      if (memo !== null) return (memo.result as Memo<Returned>).returned;
      const done = await work(context.cancellationSignal, ref);
      const closed = await deps.store.steps.complete(ref, {
        result: { returned: done.returned, kept: done.kept ?? null } satisfies Memo<Returned>,
        at: deps.now(),
        evidence: done.evidence ?? [],
        events: [progressOf(place, 'ended', attempt, done.text, done.data), ...(done.events ?? [])],
        cost: done.cost ?? noCost,
        ...(done.writes === undefined ? {} : { writes: done.writes }),
      });
      return (closed.result as Memo<Returned>).returned;
    } catch (error) {
      if (context.cancellationSignal.aborted) throw new CancelledFailure('the step was cancelled');
      await noteFailure(deps, ref, place, error);
      throw toApplicationFailure(error);
    } finally {
      clearInterval(heartbeat);
    }
  };
}

async function noteFailure(
  deps: { readonly store: Store; readonly now: () => number },
  ref: StepRef,
  place: StepPlace,
  error: unknown,
): Promise<void> {
  const code = isAppError(error) ? error.code : 'bug.invariant';
  const message = error instanceof Error ? error.message : 'an unknown error';
  try {
    await deps.store.steps.fail(ref, {
      at: deps.now(),
      code,
      message: message.slice(0, 500),
      events: [progressOf(place, 'failed', ref.attempt, `${code}: ${message}`)],
    });
  } catch {
    // The database may be the very thing that failed; the failure itself goes on to Temporal, which retries.
  }
}
