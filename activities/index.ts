import { policies } from '../agents/catalogue.ts';
import { createActionSteps } from './action/create-action-steps.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { createDispatcher } from './dispatch.ts';
import { createDiagnose } from './model/diagnose.ts';
import { createConsult } from './model/consult.ts';
import { createEvaluateSlo } from './evaluate-slo.ts';
import { createObserve } from './observe.ts';
import { createOrchestratorSteps } from './orchestrator.ts';
import { createPropose } from './propose.ts';
import { createDecide, createOrient } from './reason.ts';
import { createReport } from './report.ts';
import { createSnapshotStep } from './snapshot.ts';
import { createStepRunner } from './step.ts';
import { createVerify } from './verify.ts';
import { createWaitStep } from './wait.ts';

/**
 * Every activity there is, by the name it has in histories: `role.phase`. All are idempotent by the memo of their step, heartbeat on a timer and heed
 * cancellation; time-outs and retries stand in `workflows/activity-options.ts`.
 */
export function createActivities(ports: ActivityDependencies) {
  const deps = {
    ...ports,
    runStep: createStepRunner(ports),
    dispatch: createDispatcher(ports),
    consult: createConsult(ports),
  };
  return {
    'orchestrator.observe': createObserve('orchestrator', deps),
    'orchestrator.snapshot': createSnapshotStep(deps),
    'orchestrator.wait': createWaitStep(deps),
    ...createOrchestratorSteps(deps),
    'aggregation.observe': createObserve('aggregation', deps),
    'aggregation.orient': createOrient('aggregation', policies.aggregation, deps),
    'aggregation.decide': createDecide('aggregation', policies.aggregation, deps),
    'trace.observe': createObserve('trace', deps),
    'trace.orient': createOrient('trace', policies.trace, deps),
    'trace.decide': createDecide('trace', policies.trace, deps),
    'log.observe': createObserve('log', deps),
    'log.orient': createOrient('log', policies.log, deps),
    'log.decide': createDecide('log', policies.log, deps),
    'change.observe': createObserve('change', deps),
    'change.orient': createOrient('change', policies.change, deps),
    'change.decide': createDecide('change', policies.change, deps),
    'root-cause.observe': createObserve('root-cause', deps),
    'root-cause.orient': createOrient('root-cause', policies['root-cause'], deps),
    'root-cause.decide': createDecide('root-cause', policies['root-cause'], deps),
    'verifier.verify': createVerify(deps),
    'orchestrator.propose': createPropose(deps),
    'orchestrator.diagnose': createDiagnose(deps),
    'orchestrator.report': createReport(deps),
    ...createActionSteps(deps),
    'slo.evaluate': createEvaluateSlo(deps),
  };
}

export type Activities = ReturnType<typeof createActivities>;
