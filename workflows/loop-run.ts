import { CancellationScope, isCancellation, workflowInfo } from '@temporalio/workflow';
import type { LoopCommand, LoopEvent } from '../agents/loop.ts';
import type { Decision } from '../core/schemas/finding.ts';
import type { InvestigationPhase, Specialist } from '../core/schemas/roles.ts';
import type { ToolCall } from '../core/schemas/tool-call.ts';
import type { CarryOut } from './drive-loop.ts';
import type { CarriedOut, StepKey } from './messages.ts';
import { callStep, roundGroup } from './steps.ts';

/** The time left for orient and decide once a hanging call has been given up, in milliseconds. */
const concludeReserveMs = 5_000;

export interface LoopRunOptions {
  readonly investigationId: string;
  readonly role: Specialist | 'root-cause';
  readonly tools: readonly string[];
  readonly phase: InvestigationPhase;
  /** Begins every step key of this run; unique within the investigation. */
  readonly prefix: string;
  readonly brief: StepKey;
  readonly deadlineAt: number;
  readonly question: string | null;
  /** The decision that the first call of this run carries out, if another loop asked for it. */
  readonly carriesOut: CarriedOut | null;
  /** What the squad has found so far; for root cause. */
  readonly squad: () => {
    readonly findings: readonly StepKey[];
    readonly observed: readonly StepKey[];
  };
  readonly onPhase: (text: string) => void;
  /** Brings a question to a specialist; resolves when the answer is in. */
  readonly ask: (command: Extract<LoopCommand, { kind: 'ask' }>, act: CarriedOut) => Promise<void>;
}

/** What a run has gathered, as references. */
export interface LoopGathered {
  readonly observed: readonly StepKey[];
  readonly decided: StepKey | null;
  readonly hasFinding: boolean;
}

/**
 * Makes the hands of one OODA loop: carries out the reducer's commands by calling this role's activities. Observe calls run in parallel; a call
 * that cannot be made is left out and the loop goes on; a call that hangs is given up at the deadline. What goes wrong beyond that is an event
 * `failed` or `cancelled`, never a rejection.
 */
export function createLoopRun(options: LoopRunOptions): {
  readonly carryOut: CarryOut;
  readonly gathered: () => LoopGathered;
} {
  const { role, phase, prefix, investigationId, brief } = options;
  const { workflowId } = workflowInfo();
  const observed: StepKey[] = [];
  let orientation: StepKey | null = null;
  let decided: StepKey | null = null;
  let hasFinding = false;
  let asked = 0;
  let pendingAct: CarriedOut | null = options.carriesOut;

  const key = (name: string): StepKey => ({ workflowId, stepKey: `${prefix}.${name}` });
  const summary = (step: string, round: number, detail = ''): string =>
    `${role} · ${step} · round ${round}${detail === '' ? '' : ` · ${detail}`}`;
  const reasonInput = (round: number, step: StepKey) => {
    const squad = options.squad();
    return {
      investigationId,
      phase,
      round,
      stepKey: step.stepKey,
      brief,
      observed: [...squad.observed, ...observed],
      findings: squad.findings,
    };
  };

  async function observe(round: number, calls: readonly ToolCall[]): Promise<void> {
    const group = roundGroup(prefix, round);
    const keys = calls.map((_, index) => key(`r${round}.observe.${index + 1}`));
    const act = pendingAct;
    pendingAct = null;
    const leftMs = Math.max(1, options.deadlineAt - concludeReserveMs - Date.now());
    const settled = await CancellationScope.withTimeout(leftMs, () =>
      Promise.allSettled(
        calls.map((call, index) =>
          callStep('read', `${role}.observe`, summary('observe', round, call.tool), group, {
            investigationId,
            phase,
            round,
            stepKey: keys[index]?.stepKey ?? '',
            call,
            allowed: options.tools,
            brief,
            carriesOut: index === 0 ? act : null,
          }),
        ),
      ),
    );
    if (CancellationScope.current().consideredCancelled)
      await CancellationScope.current().cancelRequested;
    settled.forEach((one, index) => {
      const step = keys[index];
      if (one.status === 'fulfilled' && step !== undefined) observed.push(step);
    });
  }

  async function orient(round: number): Promise<void> {
    const step = key(`r${round}.orient`);
    await callStep(
      'step',
      `${role}.orient`,
      summary('orient', round),
      roundGroup(prefix, round),
      reasonInput(round, step),
    );
    orientation = step;
  }

  async function decide(command: Extract<LoopCommand, { kind: 'decide' }>): Promise<Decision> {
    const { round, mustConclude } = command;
    const step = key(`r${round}.decide`);
    const result = await callStep(
      'step',
      `${role}.decide`,
      summary('decide', round),
      roundGroup(prefix, round),
      {
        ...reasonInput(round, step),
        orientation: orientation ?? step,
        mustConclude,
        question: options.question,
        asked,
      },
    );
    decided = step;
    hasFinding = result.hasFinding;
    pendingAct = actOf(round, result.decision);
    return result.decision;
  }

  function actOf(round: number, decision: Decision): CarriedOut {
    const what =
      decision.kind === 'look'
        ? `looks closer: ${decision.calls.map((call) => call.tool).join(', ')}`
        : decision.kind === 'ask'
          ? `asks ${decision.specialist}: ${decision.question}`
          : 'concludes';
    return { role, phase, round, stepKey: `${prefix}.r${round}.act`, text: what };
  }

  async function carryOut(command: Exclude<LoopCommand, { kind: 'finish' }>): Promise<LoopEvent> {
    options.onPhase(`${role} · round ${command.round} · ${command.kind}`);
    try {
      switch (command.kind) {
        case 'observe':
          await observe(command.round, command.calls);
          return { kind: 'observed', at: Date.now() };
        case 'orient':
          await orient(command.round);
          return { kind: 'oriented', at: Date.now() };
        case 'decide':
          return { kind: 'decided', at: Date.now(), decision: await decide(command) };
        case 'ask': {
          const act = pendingAct;
          pendingAct = null;
          asked += 1;
          if (act !== null) await options.ask(command, act);
          return { kind: 'answered', at: Date.now() };
        }
      }
    } catch (error) {
      return { kind: isCancellation(error) ? 'cancelled' : 'failed', at: Date.now() };
    }
  }

  return { carryOut, gathered: () => ({ observed, decided, hasFinding }) };
}
