import {
  condition,
  setCurrentDetails,
  setHandler,
  sleep,
  upsertSearchAttributes,
} from '@temporalio/workflow';
import type { DecideAction } from '../core/schemas/action.ts';
import { decideActionSignal, searchAttributes } from './messages.ts';
import type { CarryOutInput, CarryOutResult } from './messages.ts';
import { callStep } from './steps.ts';

/** Decisions that one action takes note of; more is an attack or a fault, and history stays small. */
const maxDecisions = 50;
/** Read-backs after a send whose outcome is not known, and the pause before each, in milliseconds. */
const readBackPausesMs = [1_000, 3_000, 10_000, 30_000];

/**
 * Carries one frozen write to its end: waits for a decision that an activity finds granted, prepares the intent, sends, and reads back when the
 * outcome is not known. Decisions without a valid grant, for another hash, repeated or late are recorded and refused. Ends as rejected, expired,
 * applied, not-applied or unknown (a person decides); it lingers so that late decisions are taken note of.
 */
export async function carryOutAction(input: CarryOutInput): Promise<CarryOutResult> {
  const { actionId, expiresAt, lingerMs } = input;
  const queue: DecideAction[] = [];
  let received = 0;
  setHandler(decideActionSignal, (signal) => {
    received += 1;
    if (received <= maxDecisions) queue.push(signal);
  });
  setCurrentDetails(`**waits for a decision** until ${new Date(expiresAt).toISOString()}`);

  const decision = await waitForDecision(input, queue);
  const state = decision === 'approve' ? await carryOut(input) : decision;
  setCurrentDetails(`**${state}**`);
  upsertSearchAttributes([{ key: searchAttributes.needsApproval, value: false }]);
  await takeNoteOfLate(input, queue, expiresAt + lingerMs);
  return { actionId, state };
}

async function waitForDecision(
  input: CarryOutInput,
  queue: DecideAction[],
): Promise<'approve' | 'rejected' | 'expired'> {
  for (let number = 1; ; number += 1) {
    const leftMs = input.expiresAt - Date.now();
    const arrived = leftMs > 0 && (await condition(() => queue.length > 0, leftMs));
    const signal = arrived ? queue.shift() : undefined;
    if (signal === undefined) {
      await callStep('step', 'action.expire', 'action · expire', null, {
        ...idsOf(input),
        stepKey: `${input.actionId}.expire`,
      });
      return 'expired';
    }
    const accepted = await decide(input, signal, number);
    if (accepted) return signal.decision === 'approve' ? 'approve' : 'rejected';
  }
}

async function decide(
  input: CarryOutInput,
  signal: DecideAction,
  number: number,
): Promise<boolean> {
  const { accepted } = await callStep(
    'step',
    'action.decide',
    `action · decide · ${signal.decision}`,
    null,
    {
      ...idsOf(input),
      stepKey: `${input.actionId}.decide.${number}`,
      planHash: input.planHash,
      expiresAt: input.expiresAt,
      signal,
    },
  );
  return accepted;
}

async function carryOut(input: CarryOutInput): Promise<CarryOutResult['state']> {
  const ids = { ...idsOf(input), planHash: input.planHash };
  setCurrentDetails('**approved**: prepares the write');
  const prepared = await callStep('step', 'action.prepare', 'action · prepare', null, {
    ...ids,
    stepKey: `${input.actionId}.prepare`,
  });
  if (!prepared.allowed) return 'refused';
  setCurrentDetails('**approved**: sends the write');
  let state = await send(input);
  for (const [index, pauseMs] of readBackPausesMs.entries()) {
    if (state !== 'unknown') break;
    await sleep(pauseMs, { summary: 'before reading back' });
    const readBack = await callStep(
      'send',
      'action.read-back',
      `action · read back · ${index + 1}`,
      null,
      {
        ...ids,
        stepKey: `${input.actionId}.read-back.${index + 1}`,
        last: index === readBackPausesMs.length - 1,
      },
    );
    state = readBack.state;
  }
  await callStep('step', 'action.close', 'action · verify the effect', null, {
    ...ids,
    stepKey: `${input.actionId}.close`,
  });
  return state;
}

/** A send that ran out of attempts has an unknown outcome: never "failed". */
async function send(input: CarryOutInput): Promise<'applied' | 'not-applied' | 'unknown'> {
  try {
    const sent = await callStep('send', 'action.send', 'action · send', null, {
      ...idsOf(input),
      planHash: input.planHash,
      stepKey: `${input.actionId}.send`,
    });
    return sent.state;
  } catch {
    return 'unknown';
  }
}

async function takeNoteOfLate(
  input: CarryOutInput,
  queue: DecideAction[],
  until: number,
): Promise<void> {
  for (let number = maxDecisions + 1; ; number += 1) {
    const leftMs = until - Date.now();
    if (leftMs <= 0 || !(await condition(() => queue.length > 0, leftMs))) return;
    const signal = queue.shift();
    if (signal !== undefined) await decide(input, signal, number);
  }
}

function idsOf(input: CarryOutInput): {
  readonly investigationId: string;
  readonly actionId: string;
} {
  return { investigationId: input.investigationId, actionId: input.actionId };
}
