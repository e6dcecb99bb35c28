import type { Action } from '../../core/schemas/action.ts';
import type { Evidence } from '../../core/schemas/evidence.ts';
import { opsContext, placeOf, requireAction } from './shared.ts';
import type { ActionDependencies, HashedInput } from './shared.ts';
import { bodyOf } from './ops-status.ts';

/** Looks at the effect: what the target says of itself afterwards, next to what the plan expected. */
export function close(deps: ActionDependencies, input: HashedInput): Promise<null> {
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
    const evidenceIds = evidence.map((one) => one.id);
    return {
      returned: null,
      kept: { seen, evidenceIds },
      text: `${action.state}: ${seen}`,
      evidence,
      data: { state: action.state, evidenceIds },
      cost: { toolCalls: 1 },
    };
  });
}

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
