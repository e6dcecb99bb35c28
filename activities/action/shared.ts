import type { Action } from '../../core/schemas/action.ts';
import { AppError } from '../../core/errors.ts';
import { hashPlan } from '../../core/safety/plan-hash.ts';
import type { ActivityDependencies } from '../dependencies.ts';
import type { createDispatcher } from '../dispatch.ts';
import { noTelemetry } from '../no-telemetry.ts';
import type { RunStep, StepPlace } from '../step.ts';

/** What every step of an action is handed: references only. The stored plan is what is carried out, never anything that came with a signal. */
export interface ActionIds {
  readonly investigationId: string;
  readonly actionId: string;
  readonly stepKey: string;
}

export interface HashedInput extends ActionIds {
  readonly planHash: string;
}

export type ActionDependencies = ActivityDependencies & {
  readonly runStep: RunStep;
  readonly dispatch: ReturnType<typeof createDispatcher>;
};

export function placeOf(ids: ActionIds): StepPlace {
  return {
    investigationId: ids.investigationId,
    stepKey: ids.stepKey,
    phase: 'remediate',
    role: 'orchestrator',
    oodaPhase: 'act',
    round: 1,
  };
}

/** Gives the stored action. Rejects with `not-found.action`. */
export async function requireAction(deps: ActionDependencies, actionId: string): Promise<Action> {
  const action = await deps.store.actions.get(actionId);
  if (action === null) throw new AppError('not-found.action', `no action ${actionId} is stored`);
  return action;
}

/** Tells whether the plan as it is stored has the hash that people decided on; what they were shown is what is carried out. */
export function isAsApproved(
  action: Action,
  planHash: string,
  sha256Hex: (text: string) => string,
): boolean {
  return action.planHash === planHash && hashPlan(action.plan, sha256Hex) === planHash;
}

/** What an `/ops/*` call is handed: the registry, and no telemetry. */
export function opsContext(deps: ActionDependencies) {
  return {
    telemetry: noTelemetry,
    ops: deps.ops,
    alert: null,
    window: { startAt: 0, endAt: 0 },
    suspected: { earliestAt: 0, latestAt: 0 },
  };
}
