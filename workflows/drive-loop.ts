import { advance, createLoop } from '../agents/loop.ts';
import type { Ended, LoopCaps, LoopCommand, LoopEvent, LoopState } from '../agents/loop.ts';
import type { ToolCall } from '../core/schemas/tool-call.ts';

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
