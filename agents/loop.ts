import type { Decision } from '../core/schemas/finding.ts';
import type { Specialist } from '../core/schemas/roles.ts';
import type { ToolCall } from '../core/schemas/tool-call.ts';

/**
 * The OODA loop as a pure reducer: `(state, event) → (state, commands)`. The workflow carries the commands out and feeds back what happened;
 * nothing here knows of Temporal, clocks or models, so every way it can stop is tested as plain data.
 */

/** Limits of one loop: rounds and tool calls are counts, `deadlineAt` is epoch milliseconds. */
export interface LoopCaps {
  readonly rounds: number;
  readonly calls: number;
  readonly deadlineAt: number;
}

/** The cap that forces a conclusion. */
export type Cap = 'rounds' | 'calls' | 'time';
export type Ended = 'answered' | Cap | 'failed' | 'cancelled';

export interface LoopState {
  readonly caps: LoopCaps;
  /** The current round, from 1; 0 before the loop has started. */
  readonly round: number;
  readonly phase: 'idle' | 'observe' | 'orient' | 'decide' | 'act' | 'ended';
  readonly callsUsed: number;
  /** The cap that has been reached, once one has. */
  readonly reached: Cap | null;
  readonly ended: Ended | null;
}

export type LoopEvent =
  | { readonly kind: 'started'; readonly at: number; readonly calls: readonly ToolCall[] }
  | { readonly kind: 'observed'; readonly at: number }
  | { readonly kind: 'oriented'; readonly at: number }
  | { readonly kind: 'decided'; readonly at: number; readonly decision: Decision }
  | { readonly kind: 'answered'; readonly at: number }
  | { readonly kind: 'failed'; readonly at: number }
  | { readonly kind: 'cancelled'; readonly at: number };

export type LoopCommand =
  | { readonly kind: 'observe'; readonly round: number; readonly calls: readonly ToolCall[] }
  | { readonly kind: 'orient'; readonly round: number }
  | { readonly kind: 'decide'; readonly round: number; readonly mustConclude: Cap | null }
  | {
      readonly kind: 'ask';
      readonly round: number;
      readonly specialist: Specialist;
      readonly question: string;
      readonly calls: readonly ToolCall[];
    }
  | { readonly kind: 'finish'; readonly ended: Ended };

export interface LoopStep {
  readonly state: LoopState;
  readonly commands: readonly LoopCommand[];
}

/** Gives the state before the first event. */
export function createLoop(caps: LoopCaps): LoopState {
  return { caps, round: 0, phase: 'idle', callsUsed: 0, reached: null, ended: null };
}

/**
 * Advances the loop by one event. Events that do not fit the phase, and any event after the end, change nothing: a late answer to a loop that
 * has concluded is not an error. Calls beyond the cap are cut off in order; a round left without calls goes straight to orient.
 */
export function advance(state: LoopState, event: LoopEvent): LoopStep {
  if (state.ended !== null) return { state, commands: [] };
  switch (event.kind) {
    case 'failed':
      return finish(state, 'failed');
    case 'cancelled':
      return finish(state, 'cancelled');
    case 'started':
      return state.phase === 'idle' ? beginRound(state, event.at, event.calls) : unchanged(state);
    case 'observed':
      return state.phase === 'observe' ? orient(state, event.at) : unchanged(state);
    case 'oriented':
      return state.phase === 'orient' ? decide(state, event.at) : unchanged(state);
    case 'decided':
      return state.phase === 'decide' ? act(state, event.at, event.decision) : unchanged(state);
    case 'answered':
      return state.phase === 'act'
        ? orient({ ...state, round: state.round + 1 }, event.at)
        : unchanged(state);
  }
}

function unchanged(state: LoopState): LoopStep {
  return { state, commands: [] };
}

function finish(state: LoopState, ended: Ended): LoopStep {
  return { state: { ...state, phase: 'ended', ended }, commands: [{ kind: 'finish', ended }] };
}

function beginRound(state: LoopState, at: number, calls: readonly ToolCall[]): LoopStep {
  const round = state.round + 1;
  const allowed = at >= state.caps.deadlineAt ? [] : withinCap(state, calls);
  const next: LoopState = {
    ...state,
    round,
    phase: 'observe',
    callsUsed: state.callsUsed + allowed.length,
  };
  if (allowed.length === 0) return orient(next, at);
  return { state: next, commands: [{ kind: 'observe', round, calls: allowed }] };
}

function withinCap(state: LoopState, calls: readonly ToolCall[]): readonly ToolCall[] {
  return calls.slice(0, Math.max(0, state.caps.calls - state.callsUsed));
}

function orient(state: LoopState, at: number): LoopStep {
  const reached = state.reached ?? capReached(state, at);
  return {
    state: { ...state, phase: 'orient', reached },
    commands: [{ kind: 'orient', round: state.round }],
  };
}

function decide(state: LoopState, at: number): LoopStep {
  const reached = state.reached ?? capReached(state, at);
  return {
    state: { ...state, phase: 'decide', reached },
    commands: [{ kind: 'decide', round: state.round, mustConclude: reached }],
  };
}

function act(state: LoopState, at: number, decision: Decision): LoopStep {
  if (decision.kind === 'conclude') return finish(state, state.reached ?? 'answered');
  // Whoever was told to conclude and did not is not asked again.
  if (state.reached !== null) return finish(state, state.reached);
  // The time may run out while a decision is taken: one more round, without calls, concludes.
  if (at >= state.caps.deadlineAt) return beginRound(state, at, []);
  if (decision.kind === 'look') return beginRound(state, at, decision.calls);
  const calls = withinCap(state, decision.calls);
  return {
    state: { ...state, phase: 'act', callsUsed: state.callsUsed + calls.length },
    commands: [
      {
        kind: 'ask',
        round: state.round,
        specialist: decision.specialist,
        question: decision.question,
        calls,
      },
    ],
  };
}

function capReached(state: LoopState, at: number): Cap | null {
  if (at >= state.caps.deadlineAt) return 'time';
  if (state.round >= state.caps.rounds) return 'rounds';
  if (state.callsUsed >= state.caps.calls) return 'calls';
  return null;
}

/** Carries one command out and says what happened. */
export type CarryOut = (command: Exclude<LoopCommand, { kind: 'finish' }>) => Promise<LoopEvent>;

/**
 * Runs the loop to its end: every command is carried out and its event fed back. Deterministic: all time comes from the events. `carryOut` must
 * not reject; what goes wrong is a `failed` or `cancelled` event.
 */
export async function driveLoop(
  caps: LoopCaps,
  opening: { readonly at: number; readonly calls: readonly ToolCall[] },
  carryOut: CarryOut,
): Promise<{ readonly ended: Ended; readonly state: LoopState }> {
  let step = advance(createLoop(caps), { kind: 'started', ...opening });
  for (;;) {
    const command = step.commands[0];
    if (command === undefined || command.kind === 'finish') {
      return { ended: step.state.ended ?? 'failed', state: step.state };
    }
    step = advance(step.state, await carryOut(command));
  }
}
