import { proposeAction } from '../agents/orchestrator/propose-action.ts';
import type { ActionProposal } from '../agents/orchestrator/propose-action.ts';
import { isAppError } from '../core/errors.ts';
import type { ObservedCall } from '../core/ports/policy.ts';
import { freezePlan } from '../core/safety/plan-hash.ts';
import type { ActionPlan } from '../core/schemas/action.ts';
import type { Evidence } from '../core/schemas/evidence.ts';
import { verificationSchema } from '../core/schemas/synthesis.ts';
import type { ProposedAction, SpecialistResult, StepKey } from '../workflows/messages.ts';
import type { ActivityDependencies } from './dependencies.ts';
import type { createDispatcher } from './dispatch.ts';
import { noTelemetry } from './no-telemetry.ts';
import { recallBrief, recallKept, recallObserved } from './recall.ts';
import { placeOutsideRounds } from './step.ts';
import type { RunStep, StepWork } from './step.ts';

export interface ProposeInput {
  readonly investigationId: string;
  readonly stepKey: string;
  readonly brief: StepKey;
  readonly verification: StepKey;
  readonly specialists: readonly SpecialistResult[];
  readonly approvalTtlMs: number;
}

type ProposeDependencies = ActivityDependencies & {
  readonly runStep: RunStep;
  readonly dispatch: ReturnType<typeof createDispatcher>;
};

/**
 * Makes the activity `orchestrator.propose`: where the cause has a write that would help and the registry can reach its target, asks the target how it
 * stands (the dry run), freezes the plan and stores it with its hash. Nothing is proposed when the target no longer runs what the cause names. Idempotent by
 * memo.
 */
export function createPropose(
  deps: ProposeDependencies,
): (input: ProposeInput) => Promise<ProposedAction | null> {
  return (input) =>
    deps.runStep(
      placeOutsideRounds(input, 'remediate', 'orchestrator'),
      'looks for a write that would help',
      async (signal) => {
        const brief = await recallBrief(deps.store, input.brief);
        const [kept] = await recallKept(deps.store, [input.verification]);
        const { verdict, causes } = verificationSchema.parse(kept).synthesis;
        const proposal = proposeAction(
          { verdict, causes: causes.map((cause) => ({ ...cause, since: null })) },
          brief,
        );
        if (proposal === null) return nothing('no action is proposed');
        const observed = await recallObserved(
          deps.store,
          input.specialists.flatMap((one) => one.observed),
        );
        return freeze(deps, input, proposal, shippedRevision(observed, proposal), signal);
      },
    );
}

function nothing(
  text: string,
  evidence: readonly Evidence[] = [],
): StepWork<ProposedAction | null> {
  return { returned: null, text, evidence };
}

async function freeze(
  deps: ProposeDependencies,
  input: ProposeInput,
  proposal: ActionProposal,
  shipped: string | null,
  signal: AbortSignal,
): Promise<StepWork<ProposedAction | null>> {
  const { observed, evidence } = await deps.dispatch({
    call: {
      tool: 'read-ops',
      input: { service: proposal.service, path: '/ops/status' },
      because: 'dry run: what does the target say it runs?',
    },
    role: 'orchestrator',
    round: 1,
    allowed: ['read-ops'],
    signal,
    context: {
      telemetry: noTelemetry,
      ops: deps.ops,
      alert: null,
      window: { startAt: 0, endAt: 0 },
      suspected: { earliestAt: 0, latestAt: 0 },
    },
  });
  if (!observed.ok)
    return nothing(`no action: ${proposal.service} could not be asked: ${observed.message}`);
  const status = revisionsOf(evidence);
  if (status === null) {
    return nothing(`no action: ${proposal.service} names no revision to go back to`, evidence);
  }
  if (shipped !== null && status.revision !== shipped) {
    return nothing(
      `no action: ${proposal.service} runs ${status.revision}, not ${shipped} any more`,
      evidence,
    );
  }
  const at = deps.now();
  const plan: ActionPlan = {
    version: 1,
    actionId: `act-${input.investigationId.slice('inv-'.length)}-1`,
    investigationId: input.investigationId,
    tool: proposal.tool,
    effect: 'write-reversible',
    target: proposal.target,
    url: deps.ops.urlOf(proposal.service, proposal.path),
    method: 'POST',
    arguments: { toRevision: status.previousRevision },
    dryRun: { service: proposal.service, ...status },
    expected: { revision: status.previousRevision },
    rationale: proposal.rationale,
    risk: proposal.risk,
    rollback: proposal.rollback,
    evidenceIds: [...proposal.evidenceIds],
    expiresAt: new Date(at + input.approvalTtlMs).toISOString(),
  };
  return propose(deps, plan, evidence);
}

function propose(
  deps: ProposeDependencies,
  plan: ActionPlan,
  evidence: readonly Evidence[],
): StepWork<ProposedAction | null> {
  try {
    const planHash = freezePlan(plan, deps.sha256Hex);
    const action = proposedAction(plan, planHash);
    return {
      returned: action,
      text: `proposes to ${action.summary}; waits for a decision`,
      evidence,
      data: { actionId: plan.actionId, planHash },
      cost: { toolCalls: 1 },
      writes: { proposeAction: { plan, planHash } },
    };
  } catch (error) {
    if (isAppError(error)) return nothing(`no action: ${error.message}`, evidence);
    throw error;
  }
}

/** What a workflow has to know of a frozen plan. */
export function proposedAction(plan: ActionPlan, planHash: string): ProposedAction {
  const { toRevision } = plan.arguments;
  const where = typeof toRevision === 'string' ? ` to ${toRevision}` : '';
  return {
    actionId: plan.actionId,
    planHash,
    expiresAt: Date.parse(plan.expiresAt),
    summary: `roll ${plan.target.name} back${where}`,
  };
}

/** The revision that the blamed change shipped, as the change specialist saw it. */
function shippedRevision(
  observations: readonly ObservedCall[],
  proposal: ActionProposal,
): string | null {
  const changes = observations.flatMap(({ observed }) =>
    observed.ok ? observed.digest.changes : [],
  );
  return changes.find((change) => change.id === proposal.changeId)?.revision ?? null;
}

function revisionsOf(
  evidence: readonly Evidence[],
): { readonly revision: string; readonly previousRevision: string } | null {
  const data = evidence[0]?.data;
  const body = typeof data === 'object' && data !== null && 'body' in data ? data['body'] : null;
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return null;
  const { revision, previousRevision } = body;
  return typeof revision === 'string' && typeof previousRevision === 'string'
    ? { revision, previousRevision }
    : null;
}
