import express from 'express';
import type { Express } from 'express';
import type { AppDependencies } from '../dependencies.ts';
import { checkHost } from '../middleware/access.ts';
import { identifyCaller } from '../middleware/caller.ts';
import { logRequests } from '../middleware/log-requests.ts';
import { noSuchRoute, sendProblem } from '../middleware/problem.ts';
import { dataHeaders } from '../middleware/security-headers.ts';
import { createOtlpRoutes } from './otlp-routes.ts';
import { sendStatus } from './send-status.ts';

/** What listens on the port of its own that SDKs send to unless told: OTLP, and nothing else of the API. */
export function createOtlpApp(deps: AppDependencies): Express {
  const app = express();
  app.disable('x-powered-by');
  app.use(logRequests(deps), identifyCaller(deps), dataHeaders, checkHost(deps));
  app.use(createOtlpRoutes(deps), noSuchRoute);
  app.use('/v1', sendStatus(deps));
  app.use(sendProblem(deps));
  return app;
}
