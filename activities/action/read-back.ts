import type { Action } from '../../core/schemas/action.ts';
import type { Evidence } from '../../core/schemas/evidence.ts';
import type { Observed } from '../../core/schemas/tool-call.ts';
import { opsContext, placeOf, requireAction } from './shared.ts';
import type { ActionDependencies, HashedInput } from './shared.ts';
import { bodyOf, shows } from './ops-status.ts';
import { saidOfKey } from './said-of-key.ts';
import { settledState } from './settled-state.ts';
import type { SettledState } from './settled-state.ts';

export interface ReadBackInput extends HashedInput {
  /** No further read-back will come: what is not known now is for a person to find out. */
  readonly last: boolean;
}

/**
 * After a send has ended without an answer, its request may still be under way for this long, in milliseconds: the time-out of the call and as much again.
 * Before that a target that does not know the key proves nothing.
 */
const sendLastsMs = 30_000;

/**
 * Asks the target what became of a write whose answer is missing, and settles the intent by what is certain: applied when the target says so of this key;
 * not applied, once nothing can be under way any more, when it says that it broke off, or when it does not know the key and stands as before. What is
 * still open at the last read-back is unknown, for a person.
 */
export function readBack(
  deps: ActionDependencies,
  input: ReadBackInput,
): Promise<{ readonly state: SettledState }> {
  return deps.runStep(placeOf(input), 'asks the target what became of it', async (signal) => {
    const { actionId } = input;
    const action = await requireAction(deps, actionId);
    const intent = await deps.store.actions.intent(actionId);
    const isOpen = intent?.state === 'sent' || intent?.state === 'unknown';
    if (intent === null || !isOpen) {
      const state = settledState(intent);
      return { returned: { state }, text: `settled already: ${state}` };
    }
    const mayArrive = deps.now() < (intent.sentAt ?? 0) + sendLastsMs;
    const { found, evidence } = await ask(deps, action, mayArrive, signal);
    const evidenceIds = evidence.map((one) => one.id);
    const cost = { toolCalls: evidence.length };
    const data = { evidenceIds };
    if (found.state === 'unknown' && !input.last) {
      return { returned: { state: found.state }, text: found.because, evidence, data, cost };
    }
    const row = await deps.store.actions.settle({
      actionId,
      epoch: intent.epoch,
      state: found.state,
      reply: evidence[0]?.data ?? null,
      evidence,
      at: deps.now(),
    });
    const state = settledState(row);
    const text =
      state === 'unknown'
        ? `not known whether it was applied (${found.because}): a person must look at ${action.plan.url}`
        : `read back: ${state}, ${found.because}`;
    return { returned: { state }, text, evidence, data, cost };
  });
}

interface Settled {
  readonly state: SettledState;
  readonly because: string;
}

async function ask(
  deps: ActionDependencies,
  action: Action,
  mayArrive: boolean,
  signal: AbortSignal,
): Promise<{ readonly found: Settled; readonly evidence: readonly Evidence[] }> {
  const ofKey = await read(deps, action, `/ops/actions/${action.actionId}`, signal);
  if (ofKey.observed.ok) {
    const { state, because } = saidOfKey(action, bodyOf(ofKey.evidence));
    // A key that was broken off may be carried out by a request that is still under way.
    const brokenOff = mayArrive ? 'unknown' : 'not-applied';
    const found = { state: state === 'interrupted' ? brokenOff : state, because } as const;
    return { found, evidence: ofKey.evidence };
  }
  const silent: Settled = { state: 'unknown', because: ofKey.observed.message };
  if (ofKey.observed.code !== 'not-found.data') return { found: silent, evidence: [] };
  if (mayArrive) {
    const because = 'the target does not know the key, but the request may still arrive';
    return { found: { state: 'unknown', because }, evidence: [] };
  }
  const status = await read(deps, action, '/ops/status', signal);
  if (status.observed.ok && shows(status.evidence, unchanged(action))) {
    const because = 'the target does not know the key and stands as before';
    return { found: { state: 'not-applied', because }, evidence: status.evidence };
  }
  const because = 'the target does not know the key, and does not stand as before';
  return { found: { state: 'unknown', because }, evidence: status.evidence };
}

/** The fields that the write was to change, as they were before it. */
function unchanged({ plan }: Action): Readonly<Record<string, unknown>> {
  const fields = Object.keys(plan.expected);
  return Object.fromEntries(fields.map((field) => [field, plan.dryRun[field]]));
}

function read(
  deps: ActionDependencies,
  action: Action,
  path: string,
  signal: AbortSignal,
): Promise<{ readonly observed: Observed; readonly evidence: readonly Evidence[] }> {
  return deps.dispatch({
    call: {
      tool: 'read-ops',
      input: { service: action.plan.target.name, path },
      because: 'to see what became of a write whose answer is missing',
    },
    role: 'orchestrator',
    round: 1,
    allowed: ['read-ops'],
    signal,
    context: opsContext(deps),
  });
}
