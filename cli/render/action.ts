import type { Action } from '../../core/schemas/action.ts';
import { clean, cleanJson } from './clean.ts';

/** Writes what a person decides on: the frozen call, what the target said of it, what must be seen afterwards, and the way back. */
export function renderAction({ actionId, planHash, plan, state }: Action): string {
  const lines: readonly (readonly [string, string])[] = [
    ['Action', `${actionId} (${state})`],
    ['Will do', `${plan.method} ${clean(plan.url)} ${cleanJson(plan.arguments)}`],
    ['On', `${plan.target.kind} ${clean(plan.target.name)}`],
    ['Because', clean(plan.rationale)],
    ['Dry run', cleanJson(plan.dryRun)],
    ['Expected', cleanJson(plan.expected)],
    ['Effect', `${plan.effect}, risk ${plan.risk}`],
    ['Way back', clean(plan.rollback)],
    ['Evidence', plan.evidenceIds.join(' ')],
    ['Expires', plan.expiresAt],
    ['Plan hash', planHash],
  ];
  return lines.map(([name, text]) => `${name.padEnd(10)} ${text}\n`).join('');
}
