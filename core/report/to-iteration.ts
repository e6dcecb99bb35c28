import type { ObservedCall } from '../ports/policy.ts';
import type { Decision, Orientation } from '../schemas/finding.ts';
import type { Report } from '../schemas/report.ts';
import type { Role } from '../schemas/roles.ts';
import { toIso } from './iso.ts';

/** What one round of one role left behind; parts that were not reached are null or empty. `at` is when it ended, in epoch milliseconds. */
export interface RoundRecord {
  readonly role: Role;
  readonly round: number;
  readonly at: number;
  readonly observed: readonly ObservedCall[];
  readonly orientation: Orientation | null;
  readonly decision: Decision | null;
  /** What another role wanted to know, when this round answered it. */
  readonly answers?: string;
}

const maxIds = 24;

/** Writes a round down for the report: why it went as it did, what was looked at, what it suggested, and whether the role went on. */
export function toIteration(record: RoundRecord): Report['iterations'][number] {
  const { role, round, at, observed, orientation, decision } = record;
  const asked = record.answers === undefined ? '' : `Asked: ${record.answers} `;
  const evidenceIds = observed.flatMap(({ observed: one }) => (one.ok ? one.evidenceIds : []));
  return {
    role,
    round: Math.trunc(round),
    reasoning: `${asked}${decision?.reasoning ?? 'The round ended before a decision was taken.'}`,
    tools: observed.map(({ call }) => call.tool),
    hypotheses: (orientation?.hypotheses ?? []).map(
      ({ entity, faultKind, state }) => `${entity.name}: ${faultKind} (${state})`,
    ),
    continued: decision !== null && decision.kind !== 'conclude',
    at: toIso(at),
    evidenceIds: [...new Set(evidenceIds)].slice(0, maxIds),
  };
}
