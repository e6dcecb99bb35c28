import type { SearchAttributePair } from '@temporalio/common';
import { policyVersion } from '../agents/policy-version.ts';
import { roster } from '../agents/roster.ts';
import type { Severity } from '../core/schemas/alert.ts';
import type { Budget } from '../core/schemas/investigation.ts';
import type { InvestigationRow } from '../store/store.ts';
import { searchAttributes, taskQueues, workflowTypes } from './messages.ts';
import type { FrozenMember, FrozenModel, InvestigateInput } from './messages.ts';

/** Limits that no request can raise, and how long a proposed write can be decided. */
export interface RunLimits {
  readonly maxBudget: Budget;
  readonly approvalTtlMs: number;
  /** Null where the embedded policies decide alone. */
  readonly model: FrozenModel | null;
}

export interface InvestigationStart {
  readonly workflowType: string;
  readonly taskQueue: string;
  readonly workflowId: string;
  readonly args: readonly [InvestigateInput];
  readonly staticSummary: string;
  readonly staticDetails: string;
  readonly searchAttributes: readonly SearchAttributePair[];
}

const severityRank: Readonly<Record<Severity, number>> = {
  critical: 1,
  error: 2,
  warning: 3,
  info: 4,
};
const maxSummaryLength = 200;
const maxDetailsLength = 4_000;

/**
 * Gives everything that starting an investigation takes. What the run depends on is frozen into its input: budget, squad with tools and caps, version of the
 * embedded policies.
 */
export function investigationStart(row: InvestigationRow, limits: RunLimits): InvestigationStart {
  return {
    workflowType: workflowTypes.investigate,
    taskQueue: taskQueues.main,
    workflowId: row.id,
    args: [
      {
        investigationId: row.id,
        budget: budgetOf(row, limits.maxBudget),
        squad: {
          aggregation: freeze('aggregation'),
          trace: freeze('trace'),
          log: freeze('log'),
          change: freeze('change'),
          'root-cause': freeze('root-cause'),
        },
        policyVersion,
        approvalTtlMs: limits.approvalTtlMs,
        ...(limits.model !== null && { model: limits.model }),
        ...(row.caseDir === null ? { isLive: true as const } : {}),
      },
    ],
    staticSummary: row.title.slice(0, maxSummaryLength),
    staticDetails: detailsOf(row).slice(0, maxDetailsLength),
    searchAttributes: attributesOf(row),
  };
}

function budgetOf(row: InvestigationRow, max: Budget): Budget {
  const asked = row.request.budget ?? {};
  return {
    rounds: Math.min(asked.rounds ?? max.rounds, max.rounds),
    calls: Math.min(asked.calls ?? max.calls, max.calls),
    wallMs: Math.min(asked.wallMs ?? max.wallMs, max.wallMs),
  };
}

function freeze(role: keyof typeof roster): FrozenMember {
  const { tools, caps } = roster[role];
  return { tools, rounds: caps.rounds, calls: caps.calls };
}

function detailsOf(row: InvestigationRow): string {
  const { alert, request } = row;
  return [
    row.caseName === null ? '**Live**' : `**Case** ${row.caseName}`,
    `**Alert** ${alert.title}${alert.startedAt === undefined ? '' : `, noticed at ${alert.startedAt}`}`,
    alert.description ?? '',
    request.question === undefined ? '' : `**Question** ${request.question}`,
  ]
    .filter((line) => line !== '')
    .join('\n\n');
}

function attributesOf(row: InvestigationRow): readonly SearchAttributePair[] {
  const { alert, trigger } = row;
  const service = alert.entity?.name;
  return [
    { key: searchAttributes.phase, value: 'scope' },
    { key: searchAttributes.trigger, value: trigger },
    { key: searchAttributes.severity, value: severityRank[alert.severity] },
    { key: searchAttributes.needsApproval, value: false },
    { key: searchAttributes.agents, value: ['aggregation', 'trace', 'log', 'change'] },
    ...(service === undefined ? [] : [{ key: searchAttributes.service, value: service }]),
  ];
}
