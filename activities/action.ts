import { Context } from '@temporalio/activity';
import { AppError } from '../core/errors.ts';
import type { OpsReply } from '../core/ports/ops.ts';
import type { Action, DecideAction } from '../core/schemas/action.ts';
import type { Evidence } from '../core/schemas/evidence.ts';
import type { Observed } from '../core/schemas/tool-call.ts';
import type { IntentRow } from '../store/store.ts';
import type { ActivityDependencies } from './dependencies.ts';
import type { createDispatcher } from './dispatch.ts';
import { noTelemetry } from './no-telemetry.ts';
import type { RunStep, StepPlace } from './step.ts';

/**
 * The steps of the write protocol: decide, prepare, send, read back, close. The stored plan is what is carried out, never anything that came with a
 * signal; the intent row outside history is what keeps a second send safe, also across resets of the workflow.
 */

interface Ids {
  readonly investigationId: string;
  readonly actionId: string;
  readonly stepKey: string;
}

export interface DecideActionInput extends Ids {
  readonly planHash: string;
  readonly expiresAt: number;
  readonly signal: DecideAction;
}

export interface HashedInput extends Ids {
  readonly planHash: string;
}

export interface ReadBackInput extends HashedInput {
  /** No further read-back will come: what is not known now is for a person to find out. */
  readonly last: boolean;
}

export type SettledState = 'applied' | 'not-applied' | 'unknown';

type ActionDependencies = ActivityDependencies & {
  readonly runStep: RunStep;
  readonly dispatch: ReturnType<typeof createDispatcher>;
};

/** Makes the activities `action.*`. Each is idempotent by memo; send and read-back run on the write queue with their own credentials. */
export function createActionSteps(deps: ActionDependencies) {
  return {
    'action.decide': (input: DecideActionInput) => decide(deps, input),
    'action.expire': (input: Ids) => expire(deps, input),
    'action.prepare': (input: HashedInput) => prepare(deps, input),
    'action.send': (input: HashedInput) => send(deps, input),
    'action.read-back': (input: ReadBackInput) => readBack(deps, input),
    'action.close': (input: HashedInput) => close(deps, input),
  };
}

function placeOf(ids: Ids): StepPlace {
  return {
    investigationId: ids.investigationId,
    stepKey: ids.stepKey,
    phase: 'remediate',
    role: 'orchestrator',
    oodaPhase: 'act',
    round: 1,
  };
}

function decide(
  deps: ActionDependencies,
  input: DecideActionInput,
): Promise<{ readonly accepted: boolean; readonly because: string }> {
  return deps.runStep(placeOf(input), `a decision arrived: ${input.signal.decision}`, async () => {
    const at = deps.now();
    const { signal } = input;
    const check = await deps.verifyGrant(signal.grant, at, {
      actionId: input.actionId,
      planHash: input.planHash,
      decision: signal.decision,
    });
    const refusal = check.ok ? refusalOf(input, at) : check.because;
    const recorded = await deps.store.actions.recordDecision({
      key: input.stepKey,
      actionId: input.actionId,
      at,
      signal,
      person: check.ok ? check.claims.person : null,
      grantId: check.ok ? check.claims.id : null,
      accepted: refusal === null,
      because: refusal ?? 'granted',
    });
    const who = recorded.person ?? 'nobody known';
    const text = recorded.accepted
      ? `${signal.decision} by ${who} accepted`
      : `${signal.decision} by ${who} refused: ${recorded.because}`;
    return {
      returned: { accepted: recorded.accepted, because: recorded.because },
      text,
      data: { accepted: recorded.accepted, person: recorded.person },
    };
  });
}

/** Says why a well-granted decision does not count for this action; null when it does. */
function refusalOf(
  { signal, actionId, planHash, expiresAt }: DecideActionInput,
  at: number,
): string | null {
  if (signal.actionId !== actionId) return 'the signal is for another action';
  if (signal.planHash !== planHash) return 'the plan hash is not the one of this action';
  return at >= expiresAt ? 'the action has expired' : null;
}

function expire(deps: ActionDependencies, input: Ids): Promise<null> {
  return deps.runStep(placeOf(input), 'nobody decided in time', async () => {
    await deps.store.actions.expire(input.actionId, deps.now());
    return { returned: null, text: 'expired: nobody decided in time, nothing was done' };
  });
}

function prepare(
  deps: ActionDependencies,
  input: HashedInput,
): Promise<{ readonly allowed: boolean }> {
  return deps.runStep(placeOf(input), 'writes the intent', async () => {
    await deps.store.actions.prepare({
      actionId: input.actionId,
      planHash: input.planHash,
      idempotencyKey: input.actionId,
      at: deps.now(),
    });
    return { returned: { allowed: true }, text: 'intent prepared' };
  });
}

function send(
  deps: ActionDependencies,
  input: HashedInput,
): Promise<{ readonly state: SettledState }> {
  return deps.runStep(placeOf(input), 'sends the approved write', async (signal) => {
    const action = await requireAction(deps, input.actionId);
    const epoch = Context.current().info.attempt;
    const intent = await deps.store.actions.markSent(input.actionId, epoch, deps.now());
    if (intent === null) {
      const settled = await deps.store.actions.intent(input.actionId);
      return { returned: { state: stateOf(settled) }, text: 'another attempt has settled it' };
    }
    const { observed, evidence } = await deps.dispatch({
      call: callOf(action),
      role: 'orchestrator',
      round: 1,
      allowed: null,
      signal,
      approval: await approvalOf(deps, action),
      planHash: input.planHash,
      context: opsContext(deps),
    });
    const outcome = outcomeOf(action, observed, evidence, epoch);
    await deps.store.actions.settle({
      actionId: input.actionId,
      epoch,
      state: outcome.state,
      reply: evidence[0]?.data ?? null,
      evidenceIds: evidence.map((one) => one.id),
      at: deps.now(),
    });
    return {
      returned: { state: outcome.state === 'applied' ? 'applied' : 'not-applied' },
      text: outcome.text,
      evidence,
      data: { evidenceIds: evidence.map((one) => one.id) },
      cost: { toolCalls: 1 },
    };
  });
}

/**
 * Reads the target's answer. A refusal by the guard before anything was sent is final; what may or may not have happened throws, to be tried
 * again under the same key.
 */
function outcomeOf(
  action: Action,
  observed: Observed,
  evidence: readonly Evidence[],
  epoch: number,
): { readonly state: 'applied' | 'rejected' | 'not-applied'; readonly text: string } {
  if (!observed.ok) {
    const denied = observed.code === 'unsafe.denied';
    if (denied && epoch === 1)
      return { state: 'not-applied', text: `not sent: ${observed.message}` };
    throw new AppError(denied ? 'unsafe.denied' : 'unavailable.backend', observed.message);
  }
  const status = statusOf(evidence);
  const answer = `${action.plan.url} answered ${status}`;
  if (status < 200 || status === 409 || status === 429 || status >= 500) {
    throw new AppError('unavailable.backend', answer);
  }
  const state = status < 300 ? 'applied' : 'rejected';
  return { state, text: `${answer}: ${state}` };
}

function readBack(
  deps: ActionDependencies,
  input: ReadBackInput,
): Promise<{ readonly state: SettledState }> {
  return deps.runStep(placeOf(input), 'asks the target what became of it', async (signal) => {
    const action = await requireAction(deps, input.actionId);
    const service = action.plan.target.name;
    let reply: OpsReply | null = null;
    try {
      reply = await deps.ops.get({ service, path: `/ops/actions/${input.actionId}`, signal });
    } catch (error) {
      if (signal.aborted) throw error;
    }
    const state = readBackState(reply);
    if (state === 'unknown' && !input.last) {
      return { returned: { state }, text: 'the target does not say yet' };
    }
    await deps.store.actions.settle({
      actionId: input.actionId,
      epoch: (await deps.store.actions.intent(input.actionId))?.epoch ?? 0,
      state,
      reply: reply ?? null,
      evidenceIds: [],
      at: deps.now(),
    });
    const text =
      state === 'unknown'
        ? `not known whether it was applied: a person must look at ${action.plan.url}`
        : `read back: ${state}`;
    return { returned: { state }, text, cost: { toolCalls: 1 } };
  });
}

/** 200 with a result is done, 404 says that the key was never seen; all else tells nothing. */
function readBackState(reply: OpsReply | null): SettledState {
  if (reply?.status === 404) return 'not-applied';
  if (reply?.status !== 200) return 'unknown';
  const { body } = reply;
  const pending =
    typeof body === 'object' && body !== null && 'state' in body && body.state === 'in-progress';
  return pending ? 'unknown' : 'applied';
}

function close(deps: ActionDependencies, input: HashedInput): Promise<null> {
  return deps.runStep(placeOf(input), 'looks at the effect', async (signal) => {
    const action = await requireAction(deps, input.actionId);
    const { observed, evidence } = await deps.dispatch({
      call: {
        tool: 'read-ops',
        input: { service: action.plan.target.name, path: '/ops/status' },
        because: 'to see the effect of the write on its target',
      },
      role: 'orchestrator',
      round: 1,
      allowed: ['read-ops'],
      signal,
      context: opsContext(deps),
    });
    const seen = observed.ok
      ? effectOf(action, evidence)
      : `could not be read: ${observed.message}`;
    const text = `${action.state}: ${seen}`;
    const evidenceIds = evidence.map((one) => one.id);
    return {
      returned: null,
      kept: { seen, evidenceIds },
      text,
      evidence,
      data: { state: action.state, evidenceIds },
      cost: { toolCalls: 1 },
    };
  });
}

/** Compares what the plan expected with what the target now says of itself. */
function effectOf(action: Action, evidence: readonly Evidence[]): string {
  const body = bodyOf(evidence);
  const lines = Object.entries(action.plan.expected).map(([field, expected]) => {
    const now = body[field];
    const was = action.plan.dryRun[field];
    return now === expected
      ? `${field} is now ${JSON.stringify(now)} (was ${JSON.stringify(was)})`
      : `${field} is ${JSON.stringify(now)}, expected ${JSON.stringify(expected)}`;
  });
  return lines.join('; ');
}

async function requireAction(deps: ActionDependencies, actionId: string): Promise<Action> {
  const action = await deps.store.actions.get(actionId);
  if (action === null) throw new AppError('not-found.action', `no action ${actionId} is stored`);
  return action;
}

function callOf(action: Action) {
  return {
    tool: action.plan.tool,
    input: {
      service: action.plan.target.name,
      path: new URL(action.plan.url).pathname,
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

/** What an `/ops/*` call is handed: the registry, and no telemetry. */
function opsContext(deps: ActionDependencies) {
  return {
    telemetry: noTelemetry,
    ops: deps.ops,
    window: { startAt: 0, endAt: 0 },
    suspected: { earliestAt: 0, latestAt: 0 },
  };
}

function stateOf(intent: IntentRow | null): SettledState {
  if (intent?.state === 'applied') return 'applied';
  if (intent?.state === 'rejected' || intent?.state === 'not-applied') return 'not-applied';
  return 'unknown';
}

function statusOf(evidence: readonly Evidence[]): number {
  const data = evidence[0]?.data;
  const status =
    typeof data === 'object' && data !== null && 'status' in data ? data['status'] : undefined;
  return typeof status === 'number' ? status : 0;
}

function bodyOf(evidence: readonly Evidence[]): Readonly<Record<string, unknown>> {
  const data = evidence[0]?.data;
  const body = typeof data === 'object' && data !== null && 'body' in data ? data['body'] : null;
  return typeof body === 'object' && body !== null && !Array.isArray(body) ? body : {};
}
