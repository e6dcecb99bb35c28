import type { ArrivedDecision } from '../../core/safety/read-decision.ts';
import type { DecideAction } from '../../core/schemas/action.ts';
import type { DecisionRecord } from '../../store/store.ts';
import { placeOf } from './ids.ts';
import type { ActionDependencies, HashedInput } from './ids.ts';

export interface DecideActionInput extends HashedInput {
  readonly expiresAt: number;
  readonly arrived: ArrivedDecision;
}

/** Judges one arrived decision and records it, whatever it was: the grant is verified here, the rest under the lock of the action's row. */
export function decide(
  deps: ActionDependencies,
  input: DecideActionInput,
): Promise<{ readonly accepted: boolean; readonly because: string }> {
  const { arrived } = input;
  const what = arrived.kind === 'decision' ? arrived.decision.decision : 'one that cannot be read';
  return deps.runStep(placeOf(input), `a decision arrived: ${what}`, async () => {
    const at = deps.now();
    const judged =
      arrived.kind === 'decision'
        ? await judge(deps, input, arrived.decision, at)
        : unreadable(input, arrived.because);
    const { accepted, because, person } = await deps.store.actions.recordDecision({
      key: input.stepKey,
      actionId: input.actionId,
      at,
      ...judged,
    });
    const who = person ?? 'nobody known';
    return {
      returned: { accepted, because },
      text: accepted ? `${what} by ${who} accepted` : `${what} by ${who} refused: ${because}`,
      data: { accepted, person },
    };
  });
}

type Judged = Omit<DecisionRecord, 'key' | 'actionId' | 'at'>;

async function judge(
  deps: ActionDependencies,
  input: DecideActionInput,
  signal: DecideAction,
  at: number,
): Promise<Judged> {
  const { actionId, planHash } = input;
  const check = await deps.verifyGrant(signal.grant, at, {
    actionId,
    planHash,
    decision: signal.decision,
  });
  const refusal = check.ok ? refusalOf(input, signal, at) : check.because;
  return {
    signal,
    person: check.ok ? check.claims.person : null,
    grantId: check.ok ? check.claims.id : null,
    accepted: refusal === null,
    because: refusal ?? 'granted',
  };
}

/** Says why a well-granted decision does not count for this action; null when it does. */
function refusalOf(
  { actionId, planHash, expiresAt }: DecideActionInput,
  signal: DecideAction,
  at: number,
): string | null {
  if (signal.actionId !== actionId) return 'the signal is for another action';
  if (signal.planHash !== planHash) return 'the plan hash is not the one of this action';
  return at >= expiresAt ? 'the action has expired' : null;
}

function unreadable({ actionId }: DecideActionInput, because: string): Judged {
  return {
    signal: { actionId, planHash: '', decision: null, reason: '' },
    person: null,
    grantId: null,
    accepted: false,
    because: `not a decision: ${because}`,
  };
}
