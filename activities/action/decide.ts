import type { ArrivedDecision } from '../../core/safety/read-decision.ts';
import type { DecideAction, DecisionKind } from '../../core/schemas/action.ts';
import type { DecisionRecord } from '../../store/store.ts';
import { placeOf } from './shared.ts';
import type { ActionDependencies, HashedInput } from './shared.ts';

export interface DecideActionInput extends HashedInput {
  readonly expiresAt: number;
  readonly arrived: readonly ArrivedDecision[];
}

/**
 * Judges what arrived and records each, whatever it was: grants are verified here, the rest under the lock of the action's row, so that one at most is
 * accepted. Gives that one.
 */
export function decide(
  deps: ActionDependencies,
  input: DecideActionInput,
): Promise<{ readonly accepted: DecisionKind | null }> {
  const { arrived, actionId, stepKey } = input;
  return deps.runStep(placeOf(input), `arrived: ${arrived.map(nameOf).join(', ')}`, async () => {
    const records: DecisionRecord[] = [];
    for (const [index, one] of arrived.entries()) {
      const at = deps.now();
      const judged =
        one.kind === 'decision'
          ? await judge(deps, input, one.decision, at)
          : unreadable(input, one.because);
      const key = `${stepKey}.${index + 1}`;
      records.push(await deps.store.actions.recordDecision({ key, actionId, at, ...judged }));
    }
    const accepted = records.find((record) => record.accepted);
    return {
      returned: { accepted: accepted?.signal.decision ?? null },
      text: records.map(describe).join('; '),
      data: { accepted: accepted !== undefined, person: accepted?.person ?? null },
    };
  });
}

function nameOf(arrived: ArrivedDecision): string {
  return arrived.kind === 'decision' ? arrived.decision.decision : 'no decision';
}

function describe({ signal, person, accepted, because }: DecisionRecord): string {
  const who = person ?? 'nobody known';
  const what = signal.decision ?? 'what cannot be read';
  return accepted ? `${what} by ${who} accepted` : `${what} by ${who} refused: ${because}`;
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
  const isOwnWord = check.ok && check.claims.reasonHash === deps.sha256Hex(signal.reason);
  const refusal = check.ok ? refusalOf(input, signal, at, isOwnWord) : check.because;
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
  isOwnWord: boolean,
): string | null {
  if (signal.actionId !== actionId) return 'the signal is for another action';
  if (signal.planHash !== planHash) return 'the plan hash is not the one of this action';
  if (!isOwnWord) return 'the reason is not the one that was signed';
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
