import { Context } from '@temporalio/activity';
import { AppError } from '../../core/errors.ts';
import type { Action } from '../../core/schemas/action.ts';
import type { Evidence } from '../../core/schemas/evidence.ts';
import type { Observed } from '../../core/schemas/tool-call.ts';
import type { Dispatched } from '../dispatch.ts';
import { opsContext, placeOf, requireAction } from './ids.ts';
import type { ActionDependencies, HashedInput } from './ids.ts';
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
    const epoch = Context.current().info.attempt;
    const intent = await deps.store.actions.markSent(actionId, epoch, deps.now());
    if (intent === null) {
      const settled = settledState(await deps.store.actions.intent(actionId));
      return { returned: { state: settled }, text: `another attempt has it: ${settled}` };
    }
    const { observed, evidence } = await call(deps, action, planHash, signal);
    const outcome = outcomeOf(action, observed, evidence, epoch);
    const row = await deps.store.actions.settle({
      actionId,
      epoch,
      state: outcome.state,
      reply: evidence[0]?.data ?? null,
      evidenceIds: evidence.map((one) => one.id),
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
 * Reads what came of one attempt. What was stopped before it left is final, but only while no earlier attempt can have left; a 4xx of the target says
 * that it refused. All else may or may not have happened and throws.
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
  if (status < 200 || status >= 500 || undecidedStatuses.has(status)) {
    throw new AppError('unavailable.backend', answer);
  }
  const state = status < 300 ? 'applied' : 'rejected';
  return { state, text: `${answer}: ${state}` };
}

async function call(
  deps: ActionDependencies,
  action: Action,
  planHash: string,
  signal: AbortSignal,
): Promise<Dispatched> {
  const { tool, target, url } = action.plan;
  if (
    deps.ops.services.includes(target.name) &&
    deps.ops.urlOf(target.name, pathOf(action)) !== url
  ) {
    const message = `the registry has another address for ${target.name} than the approved ${url}`;
    return { observed: { ok: false, tool, code: 'unsafe.denied', message }, evidence: [] };
  }
  return deps.dispatch({
    call: callOf(action),
    role: 'orchestrator',
    round: 1,
    allowed: null,
    signal,
    approval: await approvalOf(deps, action),
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

async function approvalOf(deps: ActionDependencies, action: Action) {
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
