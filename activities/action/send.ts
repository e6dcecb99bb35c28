import { Context } from '@temporalio/activity';
import { AppError } from '../../core/errors.ts';
import type { GuardApproval } from '../../core/safety/guard.ts';
import type { Action } from '../../core/schemas/action.ts';
import type { Evidence } from '../../core/schemas/evidence.ts';
import type { Observed } from '../../core/schemas/tool-call.ts';
import type { Dispatched } from '../dispatch.ts';
import type { IntentRow } from '../../store/store.ts';
import { isAsApproved, opsContext, placeOf, requireAction } from './shared.ts';
import type { ActionDependencies, HashedInput } from './shared.ts';
import { bodyOf } from './ops-status.ts';
import { saidOfKey } from './said-of-key.ts';
import { settledState } from './settled-state.ts';
import type { SettledState } from './settled-state.ts';

/**
 * Sends the approved write under its idempotency key, once the intent says SENT with this attempt as its epoch. An answer that is certain settles the
 * intent; any other throws, to be sent again under the same key or, after the last attempt, to be read back.
 */
export function send(
  deps: ActionDependencies,
  input: HashedInput,
): Promise<{ readonly state: SettledState }> {
  return deps.runStep(placeOf(input), 'sends the approved write', async (signal) => {
    const { actionId, planHash } = input;
    const action = await requireAction(deps, actionId);
    const approval = await approvalOf(deps, action);
    const epoch = Context.current().info.attempt;
    const intent = await deps.store.actions.markSent(actionId, epoch, deps.now());
    if (intent === null) {
      const settled = settledState(await deps.store.actions.intent(actionId));
      return { returned: { state: settled }, text: `another attempt has it: ${settled}` };
    }
    const { observed, evidence } = await call(deps, { action, approval, planHash, intent, signal });
    const outcome = outcomeOf(action, observed, evidence, epoch);
    const row = await deps.store.actions.settle({
      actionId,
      epoch,
      state: outcome.state,
      reply: evidence[0]?.data ?? null,
      evidence,
      at: deps.now(),
    });
    return {
      returned: { state: settledState(row) },
      text: outcome.text,
      evidence,
      data: { evidenceIds: evidence.map((one) => one.id) },
      cost: { toolCalls: 1 },
    };
  });
}

/** Longest from SENT to the call itself, in milliseconds; with the time-out of the call it stays well below what a read-back waits for. */
const sendWithinMs = 5_000;

interface Outcome {
  readonly state: 'applied' | 'rejected' | 'not-applied';
  readonly text: string;
}

/** Codes with which a call ends before anything has left for the target. */
const beforeSending: ReadonlySet<string> = new Set([
  'unsafe.denied',
  'unsafe.unknown-tool',
  'invalid.tool-input',
  'not-found.service',
]);

/** Answers of whoever stands in front of the target, or of a target that is not done: they tell nothing about the write. */
const undecidedStatuses: ReadonlySet<number> = new Set([408, 409, 425, 429]);

/**
 * Reads what came of one attempt. The target has applied it when it says so of this key. What was stopped before it left, and a 4xx, are final only
 * while no earlier attempt can have been applied. All else may or may not have happened and throws: it is sent again under the same key, and read back.
 */
function outcomeOf(
  action: Action,
  observed: Observed,
  evidence: readonly Evidence[],
  epoch: number,
): Outcome {
  if (!observed.ok) {
    if (!beforeSending.has(observed.code)) {
      throw new AppError('unavailable.backend', observed.message);
    }
    if (epoch === 1) return { state: 'not-applied', text: `not sent: ${observed.message}` };
    // Sending again would be stopped again: only the target can tell what an earlier attempt did.
    throw new AppError('unsafe.denied', observed.message);
  }
  const status = statusOf(evidence);
  const answer = `${action.plan.url} answered ${status}`;
  if (status >= 200 && status < 300 && saidOfKey(action, bodyOf(evidence)).state === 'applied') {
    return { state: 'applied', text: `${answer}: applied` };
  }
  const isRefusal = status >= 400 && status < 500 && !undecidedStatuses.has(status);
  if (isRefusal && epoch === 1) return { state: 'rejected', text: `${answer}: rejected` };
  throw new AppError('unavailable.backend', answer);
}

interface Attempt {
  readonly action: Action;
  readonly approval: GuardApproval;
  readonly planHash: string;
  readonly intent: IntentRow;
  readonly signal: AbortSignal;
}

async function call(deps: ActionDependencies, attempt: Attempt): Promise<Dispatched> {
  const { action, approval, planHash, intent, signal } = attempt;
  const { tool, target, url } = action.plan;
  const stopped = (message: string): Dispatched => ({
    observed: { ok: false, tool, code: 'unsafe.denied', message },
    evidence: [],
  });
  if (!isAsApproved(action, planHash, deps.sha256Hex)) {
    return stopped('the stored plan is not the one that was approved');
  }
  const isKnown = deps.ops.services.includes(target.name);
  if (isKnown && deps.ops.urlOf(target.name, pathOf(action)) !== url) {
    return stopped(`the registry has another address for ${target.name} than the approved ${url}`);
  }
  // A process that was frozen here must not send what a read-back may have settled since.
  if (deps.now() - (intent.sentAt ?? 0) > sendWithinMs) {
    throw new AppError('timeout.backend', 'it came too late to be sent; nothing was');
  }
  return deps.dispatch({
    call: callOf(action),
    role: 'orchestrator',
    round: 1,
    allowed: null,
    signal,
    approval,
    planHash,
    context: opsContext(deps),
  });
}

/** The path below `/ops/`, also where the registry's URL of the service has a path of its own. */
function pathOf(action: Action): string {
  const { pathname } = new URL(action.plan.url);
  return pathname.slice(Math.max(0, pathname.lastIndexOf('/ops/')));
}

function callOf(action: Action) {
  return {
    tool: action.plan.tool,
    input: {
      service: action.plan.target.name,
      path: pathOf(action),
      body: action.plan.arguments,
      idempotencyKey: action.actionId,
    },
    because: action.plan.rationale.slice(0, 300),
  };
}

async function approvalOf(deps: ActionDependencies, action: Action): Promise<GuardApproval> {
  const accepted = await deps.store.actions.acceptedDecision(action.actionId);
  return {
    accepted: accepted?.decision === 'approve',
    planHash: action.planHash,
    expired: deps.now() >= Date.parse(action.plan.expiresAt),
  };
}

function statusOf(evidence: readonly Evidence[]): number {
  const data = evidence[0]?.data;
  const status =
    typeof data === 'object' && data !== null && 'status' in data ? data['status'] : undefined;
  return typeof status === 'number' ? status : 0;
}
