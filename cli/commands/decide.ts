import { setTimeout as pause } from 'node:timers/promises';
import { AppError, isAppError } from '../../core/errors.ts';
import type { Action, DecisionKind } from '../../core/schemas/action.ts';
import type { ProgressEvent } from '../../core/schemas/progress.ts';
import { z } from '../../core/schemas/z.ts';
import type { Client } from '../client.ts';
import { followEvents } from '../follow-events.ts';
import type { Io } from '../io.ts';
import { clean, cleanJson } from '../render/clean.ts';
import { renderAction } from '../render/action.ts';
import { shellCommand } from '../render/shell-quote.ts';
import { withSession } from '../session.ts';

export interface DecideOptions {
  readonly reason: string;
  readonly json: boolean;
  readonly wait: boolean;
  readonly printSignal: boolean;
}

const outcomeTimeoutMs = 120_000;
const effectTimeoutMs = 15_000;
const lookMs = 300;
const openStates: readonly Action['state'][] = ['proposed', 'approved', 'sent'];

/** What the API gives for a decision that is to be printed instead of sent. */
const printedSchema = z.object({
  address: z.string(),
  namespace: z.string(),
  workflowId: z.string(),
  signalName: z.string(),
  input: z.record(z.string(), z.json()),
});

/**
 * Carries out `holdfast approve` and `reject` on an action, or on the one open action of an investigation. Shows what is decided on, sends the
 * decision bound to its hash, and waits until it is settled what became of it.
 */
export async function decide(
  io: Io,
  decision: DecisionKind,
  id: string,
  options: DecideOptions,
): Promise<number> {
  return withSession(io, async ({ client, isLocalStack }) => {
    const action = await findAction(client, id);
    io.say(renderAction(action));
    const deliver = options.printSignal ? 'print' : 'signal';
    const { planHash } = action;
    const request = { decision, planHash, reason: options.reason, deliver } as const;
    const answer = await client.decide(action.actionId, request);
    if (options.printSignal) {
      const printed = printedSchema.parse(answer);
      const command = signalCommand(printed);
      io.print(options.json ? `${cleanJson({ ...printed, command })}\n` : `${command}\n`);
      if (isLocalStack)
        io.say('The local stack may end with this command; `npm run dev` keeps one.\n');
      return 0;
    }
    if (!options.wait) {
      io.print(options.json ? `${cleanJson(answer)}\n` : `${decision} sent\n`);
      return 0;
    }
    const settled = await waitForOutcome(client, action.actionId);
    if (options.json) io.print(`${cleanJson(settled)}\n`);
    else io.print(`${outcomeText(settled)}${await effectText(client, settled)}`);
    return 0;
  });
}

async function findAction(client: Client, id: string): Promise<Action> {
  if (id.startsWith('act-')) return client.action(id);
  const { actions } = await client.report(id);
  const open = actions.filter(({ state }) => state === 'proposed');
  const [only] = open;
  if (only === undefined) {
    const states = actions.map(({ actionId, state }) => `${actionId} is ${state}`).join(', ');
    throw new AppError(
      actions.length === 0 ? 'not-found.action' : 'conflict.decided',
      `${id} has no open action${states === '' ? '' : `: ${states}`}`,
    );
  }
  if (open.length > 1) {
    const ids = open.map(({ actionId }) => actionId).join(', ');
    throw new AppError('invalid.request', `${id} has several open actions, name one: ${ids}`);
  }
  return client.action(only.actionId);
}

/** Waits until nothing more can come of an action, at most two minutes. */
export async function waitForOutcome(client: Client, actionId: string): Promise<Action> {
  const deadline = performance.now() + outcomeTimeoutMs;
  for (;;) {
    const action = await client.action(actionId);
    if (!openStates.includes(action.state)) return action;
    if (performance.now() > deadline) {
      throw new AppError('timeout.wait', `${actionId} is still ${action.state}`);
    }
    await pause(lookMs);
  }
}

export function outcomeText(action: Action): string {
  const last = action.decisions.at(-1);
  const decided =
    last === undefined
      ? ''
      : ` (${last.decision} by ${clean(last.person ?? 'nobody known')}: ${clean(last.because)})`;
  return `${action.actionId}: ${action.state}${decided}\n`;
}

/** Writes what was read from the target after a write, with the evidence of it; nothing where nothing was sent or nothing was read in time. */
export async function effectText(client: Client, action: Action): Promise<string> {
  if (!['applied', 'not-applied', 'unknown'].includes(action.state)) return '';
  const isEffect = ({ stepKey, type }: ProgressEvent): boolean =>
    stepKey === `${action.actionId}.close` && type === 'ended';
  const options = { isLast: isEffect, waitsBeyondEnd: true, patienceMs: effectTimeoutMs };
  try {
    for await (const event of followEvents(client, action.investigationId, options)) {
      if (isEffect(event)) return `  read back: ${clean(event.text)}${cited(event)}\n`;
    }
    return '';
  } catch (error) {
    if (isAppError(error)) return '  what the target says of itself could not be read yet\n';
    throw error;
  }
}

function cited({ data }: ProgressEvent): string {
  const ids = z.array(z.string()).safeParse(data['evidenceIds']);
  return ids.success && ids.data.length > 0 ? ` [${ids.data.map(clean).join(' ')}]` : '';
}

/** Writes the complete command that carries the decision to the workflow, quoted for a POSIX shell. */
function signalCommand(printed: z.infer<typeof printedSchema>): string {
  return shellCommand([
    ...['temporal', 'workflow', 'signal'],
    ...['--address', printed.address],
    ...['--namespace', printed.namespace],
    ...['--workflow-id', printed.workflowId],
    ...['--name', printed.signalName],
    ...['--input', JSON.stringify(printed.input)],
  ]);
}
