import { policies } from '../agents/catalogue.ts';
import { advance, createLoop } from '../agents/loop.ts';
import type { Ended, LoopCaps, LoopCommand, LoopEvent } from '../agents/loop.ts';
import type { Decided, DecideInput, ObservedCall } from '../core/ports/policy.ts';
import type { RoundRecord } from '../core/report/to-iteration.ts';
import type { Brief } from '../core/schemas/brief.ts';
import type { Finding, Orientation } from '../core/schemas/finding.ts';
import type { Role, Specialist } from '../core/schemas/roles.ts';
import type { SynthesisResult } from '../core/schemas/synthesis.ts';
import type { Observed, ToolCall } from '../core/schemas/tool-call.ts';

/** Makes one call for one role in one round. Never rejects: a failure is an answer. */
export type CallTool = (call: ToolCall, role: Role, round: number) => Promise<Observed>;

/** One loop to run, and what it is handed. */
export interface DirectLoop {
  readonly role: Specialist | 'root-cause';
  readonly brief: Brief;
  readonly caps: LoopCaps;
  readonly calls: readonly ToolCall[];
  readonly question: string | null;
  /** The question comes from another role, not from the plan. */
  readonly isAnswer?: boolean;
  /** What the squad has found so far; empty for specialists. */
  readonly squad: () => {
    readonly findings: readonly Finding[];
    readonly observed: readonly ObservedCall[];
  };
  readonly callTool: CallTool;
  readonly ask: (command: Extract<LoopCommand, { kind: 'ask' }>) => Promise<void>;
  readonly now: () => number;
}

export interface DirectLoopResult {
  readonly ended: Ended;
  readonly observed: readonly ObservedCall[];
  readonly finding: Finding | null;
  readonly synthesis: SynthesisResult | null;
  readonly rounds: readonly RoundRecord[];
}

/** Runs one loop to its end with the reducer and the embedded policy of its role, in this process. */
export async function runDirectLoop(loop: DirectLoop): Promise<DirectLoopResult> {
  const memory = createMemory(loop);
  const opening: LoopEvent = { kind: 'started', at: loop.now(), calls: loop.calls };
  let step = advance(createLoop(loop.caps), opening);
  for (;;) {
    const [command] = step.commands;
    if (command === undefined || command.kind === 'finish') {
      return { ended: step.state.ended ?? 'failed', ...memory.result() };
    }
    step = advance(step.state, await memory.carryOut(command));
  }
}

/** What a loop knows between its steps. */
function createMemory(loop: DirectLoop): {
  readonly carryOut: (command: Exclude<LoopCommand, { kind: 'finish' }>) => Promise<LoopEvent>;
  readonly result: () => Omit<DirectLoopResult, 'ended'>;
} {
  const { role, brief, now } = loop;
  const observed: ObservedCall[] = [];
  const rounds: RoundRecord[] = [];
  let orientation: Orientation = { hypotheses: [], openQuestions: [] };
  let finding: Finding | null = null;
  let synthesis: SynthesisResult | null = null;
  let asked = 0;

  const seen = () => {
    const { findings, observed: others } = loop.squad();
    return { brief, findings, observations: [...others, ...observed] };
  };
  const observe = async (round: number, calls: readonly ToolCall[]): Promise<void> => {
    const answers = calls.map(async (call) => {
      return { call, role, round, observed: await loop.callTool(call, role, round) };
    });
    observed.push(...(await Promise.all(answers)));
  };
  const decide = (input: Pick<DecideInput, 'round' | 'mustConclude'>): Decided => {
    const decided = decideAs(role, {
      ...seen(),
      ...input,
      orientation,
      question: loop.question,
      asked,
    });
    ({ finding, synthesis } = decided);
    const { round } = input;
    const { decision } = decided;
    const made = observed.filter((one) => one.round === round);
    const answers =
      loop.isAnswer === true && loop.question !== null ? { answers: loop.question } : {};
    rounds.push({ role, round, at: now(), observed: made, orientation, decision, ...answers });
    return decided;
  };

  return {
    result: () => ({ observed, rounds, finding, synthesis }),
    carryOut: async (command) => {
      switch (command.kind) {
        case 'observe':
          await observe(command.round, command.calls);
          return { kind: 'observed', at: now() };
        case 'orient':
          orientation = policies[role].orient(seen());
          return { kind: 'oriented', at: now() };
        case 'decide':
          return { kind: 'decided', at: now(), decision: decide(command).decision };
        case 'ask':
          asked += 1;
          await loop.ask(command);
          return { kind: 'answered', at: now() };
      }
    },
  };
}

function decideAs(
  role: DirectLoop['role'],
  input: DecideInput,
): Decided & { readonly synthesis: SynthesisResult | null } {
  return role === 'root-cause'
    ? policies[role].decide(input)
    : { ...policies[role].decide(input), synthesis: null };
}
