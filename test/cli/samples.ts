import type { Action } from '../../core/schemas/action.ts';
import type { ProgressEvent } from '../../core/schemas/progress.ts';
import type { Report } from '../../core/schemas/report.ts';

const checkout = { kind: 'service', name: 'checkout' } as const;
const gateway = { kind: 'service', name: 'gateway' } as const;
export const evidenceId = 'ev-0123456789abcdef';
export const planHash = 'a'.repeat(64);

/** A whole report, as an investigation of a bad deploy writes it. */
export const sampleReport: Report = {
  version: 1,
  investigationId: 'inv-abcd',
  case: 'shop-1111',
  status: 'completed',
  verdict: 'cause-found',
  summary: 'Release checkout-r119 made 41 % of the orders fail.',
  onset: { earliest: '2026-11-21T10:59:50.000Z', latest: '2026-11-21T11:00:00.000Z' },
  causes: [
    {
      entity: checkout,
      faultKind: 'bad-deploy',
      faultDetail: '',
      mechanism: 'TypeError in the discount path of the new release',
      changeId: 'checkout-r119',
      since: { earliest: '2026-11-21T10:59:53.000Z', latest: '2026-11-21T10:59:53.000Z' },
      confidence: 0.93,
      evidenceIds: [evidenceId],
    },
  ],
  ranking: [
    { entity: checkout, score: 0.93, faultKind: 'bad-deploy' },
    { entity: gateway, score: 0.11, faultKind: 'unknown' },
  ],
  affected: [{ entity: checkout, role: 'cause' }],
  chain: [
    {
      from: checkout,
      to: gateway,
      tests: { edge: true, deviates: true, order: false },
      evidenceIds: [evidenceId],
    },
  ],
  timeline: [{ at: '2026-11-21T10:59:53.000Z', text: 'checkout-r119 deployed', evidenceIds: [] }],
  ruledOut: [
    {
      hypothesis: 'payments is slow.',
      because: 'its latency is unchanged',
      evidenceIds: [evidenceId],
    },
  ],
  gaps: [{ signal: 'events', reason: 'none recorded' }],
  remediations: [
    {
      kind: 'roll-back',
      target: checkout,
      rationale: 'the release before was sound',
      risk: 'low',
      evidenceIds: [],
    },
  ],
  actions: [
    {
      actionId: 'act-abcd',
      planHash,
      tool: 'ops.rollback',
      target: checkout,
      state: 'proposed',
      decidedBy: null,
      evidenceIds: [],
    },
  ],
  claims: [{ text: '41 % of POST /orders failed', evidenceIds: [evidenceId], checked: true }],
  iterations: [],
  ended: 'answered',
  cost: {
    wallMs: 4_200,
    toolCalls: 17,
    modelCalls: 0,
    inputTokens: 0,
    outputTokens: 0,
    usdMicros: 0,
  },
};

export const sampleAction: Action = {
  actionId: 'act-abcd',
  investigationId: 'inv-abcd',
  planHash,
  plan: {
    version: 1,
    actionId: 'act-abcd',
    investigationId: 'inv-abcd',
    tool: 'ops.rollback',
    effect: 'write-reversible',
    target: checkout,
    url: 'http://127.0.0.1:9/ops/rollback',
    method: 'POST',
    arguments: { toRevision: 'checkout-r118' },
    dryRun: { revision: 'checkout-r119' },
    expected: { revision: 'checkout-r118' },
    rationale: 'the release before was sound',
    risk: 'low',
    rollback: 'roll forward to checkout-r119',
    evidenceIds: [evidenceId],
    expiresAt: '2026-11-21T12:00:00.000Z',
  },
  state: 'proposed',
  decidedBy: null,
  decisions: [],
};

/** One line of progress. */
export function sampleEvent(sequence: number, more: Partial<ProgressEvent> = {}): ProgressEvent {
  return {
    investigationId: 'inv-abcd',
    sequence,
    at: '2026-11-21T11:10:00.000Z',
    type: 'ended',
    phase: 'fan-out',
    stage: 'gather-evidence',
    role: 'trace',
    oodaPhase: 'observe',
    round: 1,
    stepKey: `trace.observe.${sequence}`,
    attempt: 1,
    percent: 40,
    text: 'looked at the slowest traces',
    data: {},
    ...more,
  };
}
