import { AppError } from '../../core/errors.ts';
import { actionIdSchema, isoInstantSchema } from '../../core/schemas/primitives.ts';
import {
  decideActionSchema,
  decisionKindSchema,
  decisionRequestSchema,
} from '../../core/schemas/action.ts';
import type { Action, DecideAction, DecisionRequest } from '../../core/schemas/action.ts';
import { z } from '../../core/schemas/z.ts';
import { decideActionSignal } from '../../workflows/messages.ts';
import type { AppDependencies } from '../dependencies.ts';
import { route } from '../route.ts';
import { actionParams, requireAction } from './require-action.ts';

const signedSchema = z
  .object({
    actionId: actionIdSchema,
    decision: decisionKindSchema,
    person: z.string(),
    grantId: z.string(),
    grantExpiresAt: isoInstantSchema,
    delivered: z.boolean().meta({
      description:
        'Whether the action has it already; if not, it is brought to it as soon as possible.',
    }),
    workflowId: z.string(),
    address: z.string().meta({ description: 'Of the Temporal server.' }),
    namespace: z.string(),
    signalName: z.string(),
    input: decideActionSchema.optional().meta({
      description: 'With `deliver: "print"`: what to send with the signal, the grant included.',
    }),
  })
  .meta({ id: 'SignedDecision', description: 'A decision that was signed.' });

/**
 * Takes a person's decision on an action: signs a grant bound to person, action, hash and decision, keeps it, and brings it to the workflow as a signal.
 * Whether it counts is decided there.
 */
export const decideAction = route({
  method: 'post',
  path: '/api/v1/actions/{id}/decision',
  operationId: 'decideAction',
  tag: 'actions',
  summary: 'Approve or reject an action',
  description:
    'Needs the bearer token of a person. `planHash` must be the hash that was shown. With `deliver: "print"` nothing is sent: the answer holds the Temporal ' +
    'signal with its grant, for whoever brings it to the workflow.',
  needsPerson: true,
  params: actionParams,
  body: decisionRequestSchema,
  success: { status: 202, description: 'Signed.', schema: signedSchema },
  problems: [
    'invalid.request',
    'unauthenticated.token',
    'not-found.action',
    'conflict.plan-hash',
    'conflict.decided',
  ],
  handle: async (deps, { params, body, caller }) => {
    const { person } = caller;
    if (person === null) throw new AppError('bug.invariant', 'a decision of nobody');
    const action = await requireAction(deps.store, params.id);
    refuseUnlessOpen(action, body, deps.now());
    const signed = await sign(deps, action, body, person);
    const isPrinted = body.deliver === 'print';
    const delivered = !isPrinted && (await send(deps, signed));
    deps.metrics.countDecision(body.decision);
    deps.logger.info(
      { actionId: action.actionId, decision: body.decision, person, isPrinted, delivered },
      'a decision was signed',
    );
    const { config } = deps;
    return {
      kind: 'json',
      headers: { 'Cache-Control': 'no-store' },
      body: {
        actionId: action.actionId,
        decision: body.decision,
        person,
        grantId: signed.grantId,
        grantExpiresAt: new Date(signed.expiresAt).toISOString(),
        delivered,
        workflowId: action.actionId,
        address: config.temporalAddress,
        namespace: config.temporalNamespace,
        signalName: decideActionSignal.name,
        ...(isPrinted ? { input: signed.signal } : {}),
      },
    };
  },
});

function refuseUnlessOpen(action: Action, { planHash }: DecisionRequest, at: number): void {
  if (action.planHash !== planHash) {
    throw new AppError(
      'conflict.plan-hash',
      `the plan of ${action.actionId} does not have the hash that was decided on`,
      { details: { planHash: action.planHash } },
    );
  }
  const isExpired = at >= Date.parse(action.plan.expiresAt);
  if (action.state !== 'proposed' || isExpired) {
    const state = action.state === 'proposed' ? 'expired' : action.state;
    throw new AppError('conflict.decided', `${action.actionId} is ${state}`, {
      details: { state },
    });
  }
}

interface Signed {
  readonly grantId: string;
  readonly signal: DecideAction;
  readonly signedAt: number;
  readonly expiresAt: number;
}

async function sign(
  deps: AppDependencies,
  action: Action,
  { decision, reason, planHash }: DecisionRequest,
  person: string,
): Promise<Signed> {
  const { actionId } = action;
  const signedAt = deps.now();
  const grantId = deps.newGrantId();
  const untilEnd = Date.parse(action.plan.expiresAt);
  const expiresAt = Math.min(signedAt + deps.config.grantTtlMs, untilEnd);
  const reasonHash = deps.sha256Hex(reason);
  const claims = { id: grantId, person, actionId, planHash, decision, reasonHash, expiresAt };
  const grant = await deps.signGrant(claims, signedAt);
  return { grantId, signal: { actionId, planHash, decision, reason, grant }, signedAt, expiresAt };
}

/** Kept first, so that it reaches the workflow even if this process dies now. */
async function send(deps: AppDependencies, signed: Signed): Promise<boolean> {
  const { grantId, signal, signedAt } = signed;
  const decision = { grantId, actionId: signal.actionId, signal, createdAt: signedAt };
  await deps.store.actions.enqueueDecision(decision);
  return deps.outbox.deliver(decision);
}
