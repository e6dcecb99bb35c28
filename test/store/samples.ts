import type { ActionPlan } from '../../core/schemas/action.ts';
import type { Evidence } from '../../core/schemas/evidence.ts';
import type { ProgressDraft } from '../../core/schemas/progress.ts';
import type { Report } from '../../core/schemas/report.ts';
import type { NewInvestigation, StepCost, StepRef, Store } from '../../store/store.ts';

/** An instant of the recorded incident that these samples tell of. */
export const at = Date.parse('2026-03-02T10:00:00.250Z');

export const planHash = 'a'.repeat(64);

export const cost: StepCost = {
  toolCalls: 2,
};

export function request(id: string, changes: Partial<NewInvestigation> = {}): NewInvestigation {
  return {
    id,
    request: { case: 'checkout-errors' },
    caseDir: '/cases/checkout-errors',
    caseName: 'checkout-errors',
    alert: { title: 'checkout fails', severity: 'error', labels: {} },
    title: 'checkout fails',
    trigger: 'http',
    requestHash: 'b'.repeat(64),
    ...changes,
  };
}

/** Stores an accepted investigation and gives its id. */
export async function accepted(store: Store, id: string): Promise<string> {
  await store.investigations.create(request(id));
  return id;
}

export function step(investigationId: string, stepKey: string, attempt = 1): StepRef {
  return { investigationId, workflowId: investigationId, stepKey, attempt };
}

export function draft(
  type: ProgressDraft['type'],
  stepKey: string,
  changes: Partial<ProgressDraft> = {},
): ProgressDraft {
  return {
    type,
    phase: 'fan-out',
    stage: 'gather-evidence',
    role: 'trace',
    oodaPhase: 'observe',
    round: 1,
    stepKey,
    attempt: 1,
    percent: 20,
    text: `${stepKey} ${type}`,
    data: {},
    ...changes,
  };
}

/** What closes a step with one `ended` event. */
export function closing(
  stepKey: string,
  result: unknown,
  changes: { readonly evidence?: readonly Evidence[]; readonly attempt?: number } = {},
): Parameters<Store['steps']['complete']>[1] {
  const { evidence = [], attempt = 1 } = changes;
  return { result, at: at + 1_000, evidence, events: [draft('ended', stepKey, { attempt })], cost };
}

export function evidence(
  id: string,
  data: Evidence['data'],
  changes: Partial<Evidence> = {},
): Evidence {
  return {
    id,
    key: 'payments/self-time',
    kind: 'traces',
    title: 'self time of payments',
    source: 'case checkout-errors',
    query: 'select 1',
    window: { startAt: at - 60_000.5, endAt: at },
    view: 'series',
    data,
    tool: 'measure-self-time',
    arguments: { service: 'payments' },
    role: 'trace',
    round: 1,
    takenAt: at,
    ...changes,
  };
}

export function plan(investigationId: string, actionId: string): ActionPlan {
  return {
    version: 1,
    actionId,
    investigationId,
    tool: 'call-ops',
    effect: 'write-reversible',
    target: { kind: 'service', name: 'payments' },
    url: 'http://127.0.0.1:9000/ops/rollback',
    method: 'POST',
    arguments: { to: 'r41' },
    dryRun: { revision: 'r42' },
    expected: { revision: 'r41' },
    rationale: 'errors began with r42',
    risk: 'low',
    rollback: 'deploy r42 again',
    evidenceIds: [],
    expiresAt: new Date(at + 600_000).toISOString(),
  };
}

/** Stores an investigation with one proposed action. */
export async function proposed(
  store: Store,
  investigationId: string,
  actionId: string,
): Promise<void> {
  await accepted(store, investigationId);
  await store.steps.complete(step(investigationId, 'propose'), {
    ...closing('propose', actionId),
    writes: { proposeAction: { plan: plan(investigationId, actionId), planHash } },
  });
}

export function report(investigationId: string): Report {
  return {
    version: 1,
    investigationId,
    case: 'checkout-errors',
    status: 'completed',
    verdict: 'no-cause-found',
    summary: 'all is as before',
    onset: null,
    causes: [],
    ranking: [],
    affected: [],
    chain: [],
    timeline: [],
    ruledOut: [],
    gaps: [],
    remediations: [],
    actions: [],
    claims: [],
    iterations: [],
    ended: 'answered',
    cost: {
      ...{ wallMs: 1, toolCalls: 2, modelCalls: 1 },
      ...{ inputTokens: 700, outputTokens: 90, usdMicros: 1_200 },
    },
  };
}
