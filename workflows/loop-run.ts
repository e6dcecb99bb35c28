import { isCancellation } from '@temporalio/workflow';
import type { ReasonInput } from '../activities/reason.ts';
import type { CarryOut, LoopCommand } from '../agents/loop.ts';
import type { Decision } from '../core/schemas/finding.ts';
import type { InvestigationPhase, Specialist } from '../core/schemas/roles.ts';
import type { ToolCall } from '../core/schemas/tool-call.ts';
import type { LoopHands } from './hands.ts';
import type { CarriedOut, FrozenModel, ModelUse, StepKey } from './messages.ts';

/** The time kept for the last orient and decide: looking ends this long before a run has to be over, in milliseconds. */
const concludeReserveMs = 5_000;

/** Gives when looking has to end, for a run that has to be over at `deadlineAt`: a call that hangs is given up then, and the loop must conclude. */
export function lookingEndsAt(deadlineAt: number): number {
  return deadlineAt - concludeReserveMs;
}

/** Gives up to when a model may be asked: half of the time left, so that what the embedded policy wants to see can still be looked at. */
export function askingEndsAt(deadlineAt: number): number {
  const now = Date.now();
  return now + Math.max(0, Math.floor((lookingEndsAt(deadlineAt) - now) / 2));
}

/** One group a round, in which its steps fold together. */
export function roundGroup(prefix: string, round: number): string {
  return `${prefix} · round ${round}`;
}

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
  /** Who decides beside the embedded policy, and whose tools it may ask others to use. */
  readonly reasoner?: { readonly model: FrozenModel; readonly asks: ModelUse['asks'] };
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
 * The hands of one OODA loop: carries out the reducer's commands by calling this role's activities. Observe calls run in parallel; a call that
 * cannot be made is left out and the loop goes on; a call that hangs is given up at the deadline. What goes wrong beyond that is an event `failed` or
 * `cancelled`, never a rejection. A class because a run gathers as it goes.
 */
export class LoopRun {
  private readonly hands: LoopHands;
  private readonly options: LoopRunOptions;
  private readonly observed: StepKey[] = [];
  private orientation: StepKey | null = null;
  private decided: StepKey | null = null;
  private hasFinding = false;
  private asked = 0;
  /** The last decision, until the step that carries it out has written it down. */
  private pendingAct: CarriedOut | null;

  constructor(hands: LoopHands, options: LoopRunOptions) {
    this.hands = hands;
    this.options = options;
    this.pendingAct = options.carriesOut;
  }

  readonly carryOut: CarryOut = async (command) => {
    const { role, onPhase } = this.options;
    onPhase(`${role} · round ${command.round} · ${command.kind}`);
    try {
      switch (command.kind) {
        case 'observe':
          await this.observe(command.round, command.calls);
          return { kind: 'observed', at: Date.now() };
        case 'orient':
          await this.orient(command.round);
          return { kind: 'oriented', at: Date.now() };
        case 'decide':
          return { kind: 'decided', at: Date.now(), decision: await this.decide(command) };
        case 'ask':
          await this.ask(command);
          return { kind: 'answered', at: Date.now() };
      }
    } catch (error) {
      return { kind: isCancellation(error) ? 'cancelled' : 'failed', at: Date.now() };
    }
  };

  gathered(): LoopGathered {
    const { observed, decided, hasFinding } = this;
    return { observed, decided, hasFinding };
  }

  private key(name: string): StepKey {
    return { workflowId: this.hands.workflowId, stepKey: `${this.options.prefix}.${name}` };
  }

  private summary(step: string, round: number, detail?: string): string {
    const text = `${this.options.role} · ${step} · round ${round}`;
    return detail === undefined ? text : `${text} · ${detail}`;
  }

  private async observe(round: number, calls: readonly ToolCall[]): Promise<void> {
    const { role, investigationId, phase, brief, tools, deadlineAt, prefix } = this.options;
    const group = roundGroup(prefix, round);
    const keys = calls.map((_, index) => this.key(`r${round}.observe.${index + 1}`));
    const act = this.takeAct();
    const leftMs = Math.max(1, lookingEndsAt(deadlineAt) - Date.now());
    const settled = await this.hands.within(leftMs, () =>
      Promise.allSettled(
        calls.map((call, index) =>
          this.hands.callStep(
            'read',
            `${role}.observe`,
            this.summary('observe', round, call.tool),
            group,
            {
              investigationId,
              phase,
              round,
              stepKey: keys[index]?.stepKey ?? '',
              call,
              allowed: tools,
              brief,
              carriesOut: index === 0 ? act : null,
            },
          ),
        ),
      ),
    );
    await this.hands.heedCancellation();
    settled.forEach((one, index) => {
      const step = keys[index];
      if (one.status === 'fulfilled' && step !== undefined) this.observed.push(step);
    });
  }

  private async orient(round: number): Promise<void> {
    const { role, prefix } = this.options;
    const step = this.key(`r${round}.orient`);
    const group = roundGroup(prefix, round);
    await this.hands.callStep(
      'step',
      `${role}.orient`,
      this.summary('orient', round),
      group,
      this.stands(round, step),
    );
    this.orientation = step;
  }

  private async decide(command: Extract<LoopCommand, { kind: 'decide' }>): Promise<Decision> {
    const { role, prefix, question } = this.options;
    const { round, mustConclude } = command;
    const step = this.key(`r${round}.decide`);
    const group = roundGroup(prefix, round);
    const model = this.modelUse();
    const result = await this.hands.callStep(
      model === null ? 'step' : 'model',
      `${role}.decide`,
      this.summary('decide', round),
      group,
      {
        ...this.stands(round, step),
        orientation: this.orientation ?? step,
        mustConclude,
        question,
        asked: this.asked,
        ...(model !== null && { model }),
      },
    );
    this.decided = step;
    this.hasFinding = result.hasFinding;
    this.pendingAct = this.actOf(round, result.decision);
    return result.decision;
  }

  private async ask(command: Extract<LoopCommand, { kind: 'ask' }>): Promise<void> {
    const act = this.takeAct();
    this.asked += 1;
    if (act !== null) await this.options.ask(command, act);
  }

  /** What a reasoning step stands on: references to all that was seen so far. */
  private stands(round: number, step: StepKey): ReasonInput {
    const { investigationId, phase, brief, squad } = this.options;
    const { findings, observed } = squad();
    return {
      investigationId,
      phase,
      round,
      stepKey: step.stepKey,
      brief,
      observed: [...observed, ...this.observed],
      findings,
    };
  }

  private modelUse(): ModelUse | null {
    const { reasoner, tools, deadlineAt } = this.options;
    if (reasoner === undefined) return null;
    return { ...reasoner, tools, endsAt: askingEndsAt(deadlineAt) };
  }

  private takeAct(): CarriedOut | null {
    const act = this.pendingAct;
    this.pendingAct = null;
    return act;
  }

  private actOf(round: number, decision: Decision): CarriedOut {
    const { role, phase, prefix } = this.options;
    const stepKey = `${prefix}.r${round}.act`;
    return { role, phase, round, stepKey, text: wordsOf(decision) };
  }
}

function wordsOf(decision: Decision): string {
  switch (decision.kind) {
    case 'look':
      return `looks closer: ${decision.calls.map((call) => call.tool).join(', ')}`;
    case 'ask':
      return `asks ${decision.specialist}: ${decision.question}`;
    case 'conclude':
      return 'concludes';
  }
}
