import { decideAction } from './actions/decide-action.ts';
import { getAction } from './actions/get-action.ts';
import { cancelInvestigation } from './investigations/cancel-investigation.ts';
import { getEvidence, listEvidence } from './investigations/evidence.ts';
import { followInvestigation } from './investigations/follow-investigation.ts';
import { getInvestigation } from './investigations/get-investigation.ts';
import { getIterations } from './investigations/get-iterations.ts';
import { getReport } from './investigations/get-report.ts';
import { listActions } from './investigations/list-actions.ts';
import { listInvestigations } from './investigations/list-investigations.ts';
import { startInvestigation } from './investigations/start-investigation.ts';
import type { Route } from './route.ts';
import { exportCase } from './telemetry/export-case.ts';
import { getSession } from './session/get-session.ts';
import { issueCode } from './session/issue-code.ts';
import { openSession } from './session/open-session.ts';
import { listEvaluations } from './slos/list-evaluations.ts';
import { sweepSlos } from './slos/sweep-slos.ts';
import { checkBackends } from './system/check-backends.ts';
import { getMetrics } from './system/get-metrics.ts';
import { listDeliveries } from './webhooks/list-deliveries.ts';
import { receiveGcp } from './webhooks/receive-gcp.ts';
import { getHealth, getHealthz, getOk, getReadiness, getRoot } from './system/health.ts';

/** Every endpoint there is: served by `createApp`, described by the OpenAPI document. */
export const routes: readonly Route[] = [
  startInvestigation,
  listInvestigations,
  getInvestigation,
  followInvestigation,
  getReport,
  listEvidence,
  getEvidence,
  getIterations,
  listActions,
  cancelInvestigation,
  getAction,
  decideAction,
  issueCode,
  openSession,
  getSession,
  listEvaluations,
  sweepSlos,
  exportCase,
  receiveGcp,
  listDeliveries,
  getRoot,
  getHealth,
  getHealthz,
  getOk,
  getReadiness,
  checkBackends,
  getMetrics,
];
