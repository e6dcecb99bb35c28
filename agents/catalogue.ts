import type { Policy } from '../core/ports/policy.ts';
import type { Role } from '../core/schemas/roles.ts';
import { aggregationPolicy } from './aggregation/policy.ts';
import { changePolicy } from './change/policy.ts';
import { logPolicy } from './log/policy.ts';
import { rootCausePolicy } from './root-cause/policy.ts';
import type { RootCausePolicy } from './root-cause/policy.ts';
import { tracePolicy } from './trace/policy.ts';

/** Roles whose loop an embedded policy drives; orchestrator and verifier are plain functions. */
export type LoopRole = Exclude<Role, 'verifier' | 'orchestrator'>;

/** The embedded reasoner of every role that runs a loop. Not for workflows: it holds functions. */
export const policies: Readonly<Record<Exclude<LoopRole, 'root-cause'>, Policy>> & {
  readonly 'root-cause': RootCausePolicy;
} = {
  aggregation: aggregationPolicy,
  trace: tracePolicy,
  log: logPolicy,
  change: changePolicy,
  'root-cause': rootCausePolicy,
};
