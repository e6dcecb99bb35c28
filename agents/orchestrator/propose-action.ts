import type { Brief } from '../../core/schemas/brief.ts';
import type { Entity } from '../../core/schemas/primitives.ts';
import type { Report } from '../../core/schemas/report.ts';

/** A write that would help, before anybody has frozen it: which endpoint of which service, on whose target, and why. */
export interface ActionProposal {
  readonly tool: 'call-ops';
  readonly service: string;
  readonly path: '/ops/rollback';
  readonly target: Entity;
  readonly changeId: string | null;
  readonly rationale: string;
  readonly risk: 'low' | 'medium' | 'high';
  readonly rollback: string;
  readonly evidenceIds: readonly string[];
}

/**
 * Proposes the write for a cause: rolling back the service that a deploy broke, if the registry can reach it. Null for every other cause: what would
 * help is then printed, not done.
 */
export function proposeAction(
  report: Pick<Report, 'verdict' | 'causes'>,
  brief: Pick<Brief, 'opsServices'>,
): ActionProposal | null {
  const [cause] = report.causes;
  if (report.verdict !== 'cause-found' || cause?.faultKind !== 'bad-deploy') return null;
  const { entity, mechanism, evidenceIds, changeId } = cause;
  if (entity.kind !== 'service' || !brief.opsServices.includes(entity.name)) return null;
  return {
    tool: 'call-ops',
    service: entity.name,
    path: '/ops/rollback',
    target: entity,
    changeId,
    rationale: mechanism.slice(0, 600),
    risk: 'low',
    rollback: `Deploy the present revision of ${entity.name} again.`.slice(0, 300),
    evidenceIds: evidenceIds.slice(0, 8),
  };
}
