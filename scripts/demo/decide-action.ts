import { createInterface } from 'node:readline/promises';
import type { Client } from '../../cli/client.ts';
import { effectText, outcomeText, waitForOutcome } from '../../cli/commands/decide.ts';
import type { Io } from '../../cli/io.ts';
import { renderAction } from '../../cli/render/action.ts';
import type { DemoOptions } from './demo-options.ts';

/** Shows the proposed write and has it decided: by the flag, by the person at the terminal, or not at all. Gives whether all went as wanted. */
export async function decideAction(
  io: Io,
  client: Client,
  actionId: string,
  options: Pick<DemoOptions, 'isApproved'>,
): Promise<boolean> {
  const proposed = await client.action(actionId);
  io.print(`\n${io.style.bold('Proposed write')}\n${renderAction(proposed)}`);
  io.print(`\nTo approve it:  npx holdfast approve ${actionId}\n`);
  const isApproved = options.isApproved || (io.isLive && (await ask(io, 'Approve it now? [y/N] ')));
  if (!isApproved) return true;
  await client.decide(actionId, {
    decision: 'approve',
    planHash: proposed.planHash,
    reason: 'approved in the demo',
    deliver: 'signal',
  });
  const settled = await waitForOutcome(client, actionId);
  io.print(`\n${outcomeText(settled)}${await effectText(client, settled)}`);
  return settled.state === 'applied';
}

/** Asks a question at the terminal; yes is true. */
export async function ask(io: Io, question: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: io.stdout });
  try {
    return /^y(es)?$/i.test((await terminal.question(question, { signal: io.stopped })).trim());
  } finally {
    terminal.close();
  }
}
