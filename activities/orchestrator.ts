import { planSecondLook } from '../agents/orchestrator/look-again.ts';
import { planInvestigation } from '../agents/orchestrator/plan.ts';
import { scopeBrief } from '../agents/orchestrator/scope.ts';
import type { Plan } from '../core/schemas/plan.ts';
import type { ModelUse, StepKey } from '../workflows/messages.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { clipWindow } from './clip-window.ts';
import type { ModelDeps } from './model/decide-with-model.ts';
import { planWithModel } from './model/plan-with-model.ts';
import { recallBrief, recallObserved } from './recall.ts';
import { requireInvestigation } from './require-investigation.ts';
import type { RunStep } from './step.ts';
import { useTelemetry } from './use-telemetry.ts';

export interface ScopeStepInput {
  readonly investigationId: string;
  readonly stepKey: string;
  readonly observed: readonly StepKey[];
}

export interface PlanStepInput {
  readonly investigationId: string;
  readonly stepKey: string;
  readonly brief: StepKey;
  /** The brief of the first look, when this is the second. */
  readonly before?: StepKey;
  /** Left out where the embedded policy plans alone. */
  readonly model?: ModelUse;
}

/**
 * Makes the activities by which an investigation finds its subject: `orchestrator.scope` keeps the brief, `orchestrator.plan` says whom to ask what. Both
 * are code over what was observed; a model may reword the questions. Idempotent by memo.
 */
export function createOrchestratorSteps(
  deps: ActivityDependencies & ModelDeps & { readonly runStep: RunStep },
) {
  const scope = (input: ScopeStepInput): Promise<null> =>
    deps.runStep(
      { ...placeOf(input), phase: 'scope', oodaPhase: 'orient' },
      'finds out who hurts, since when',
      async () => {
        const row = await requireInvestigation(deps.store, input.investigationId);
        const observed = await recallObserved(deps.store, input.observed);
        const known = await useTelemetry(deps, row, (telemetry) => {
          const { window, candidates, knownOnsetAt } = telemetry;
          return Promise.resolve({ window, candidates, knownOnsetAt });
        });
        const brief = scopeBrief({
          investigationId: input.investigationId,
          question: row.request.question ?? null,
          alert: row.alert,
          window: clipWindow(row.request.window, known.window),
          observed: observed.map((one) => one.observed),
          opsServices: deps.ops.services,
          candidates: known.candidates,
          knownOnsetAt: known.knownOnsetAt,
        });
        const { earliestAt, latestAt } = brief.suspected;
        const since = `${new Date(earliestAt).toISOString()} to ${new Date(latestAt).toISOString()}`;
        return {
          returned: null,
          kept: brief,
          text: brief.symptomatic
            ? `${brief.entity?.name ?? 'users'} hurts; it began between ${since}`
            : 'nothing in the window supports the alert',
          data: { symptomatic: brief.symptomatic, services: brief.services },
        };
      },
    );

  return { 'orchestrator.scope': scope, 'orchestrator.plan': createPlan(deps) };
}

function createPlan(
  deps: ModelDeps & { readonly runStep: RunStep },
): (input: PlanStepInput) => Promise<Pick<Plan, 'assignments'>> {
  return (input) =>
    deps.runStep(
      { ...placeOf(input), phase: 'plan', oodaPhase: 'decide' },
      'chooses specialists and questions',
      async (signal, attempt) => {
        const brief = await recallBrief(deps.store, input.brief);
        const floor =
          input.before === undefined
            ? planInvestigation(brief)
            : planSecondLook(await recallBrief(deps.store, input.before), brief);
        const { investigationId, stepKey, model: use } = input;
        const asking = { ...attempt, investigationId, stepKey, signal };
        const made =
          use === undefined ? floor : await planWithModel(deps, { brief, floor, use, asking });
        const roles = made.assignments.map(({ role }) => role);
        return {
          returned: { assignments: made.assignments },
          kept: made,
          text: roles.length === 0 ? 'there is nothing to look at' : `asks ${roles.join(', ')}`,
          data: { roles, gaps: made.gaps.map(({ signal }) => signal) },
        };
      },
    );
}

function placeOf(input: { readonly investigationId: string; readonly stepKey: string }) {
  const { investigationId, stepKey } = input;
  return { investigationId, stepKey, role: 'orchestrator', round: 1 } as const;
}
