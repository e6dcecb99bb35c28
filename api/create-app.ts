import express from 'express';
import type { Express, RequestHandler } from 'express';
import type { AppDependencies } from './dependencies.ts';
import { checkHost, checkToken, requirePerson } from './middleware/access.ts';
import { answerOrigins } from './middleware/answer-origins.ts';
import { identifyCaller } from './middleware/caller.ts';
import { logRequests } from './middleware/log-requests.ts';
import { noSuchRoute, sendProblem } from './middleware/problem.ts';
import { readBody } from './middleware/read-body.ts';
import { dataHeaders } from './middleware/security-headers.ts';
import { traceRequests } from './middleware/trace-requests.ts';
import { createOtlpRoutes } from './otlp/otlp-routes.ts';
import { sendStatus } from './otlp/send-status.ts';
import { createDocument } from './openapi/create-document.ts';
import { createDashboard } from './pages/dashboard.ts';
import { createPages } from './pages/pages.ts';
import type { Route } from './route.ts';
import { routes } from './routes.ts';

/** Newest investigations that the gauge of their states looks at. */
const gaugeLimit = 500;

/** Makes the API of what it is given; it listens to nothing and starts nothing. */
export function createApp(deps: AppDependencies): Express {
  const app = express();
  app.disable('x-powered-by');
  app.set('query parser', 'simple');
  app.use(
    traceRequests(deps),
    logRequests(deps),
    identifyCaller(deps),
    dataHeaders,
    checkHost(deps),
  );
  app.use(answerOrigins(deps));
  app.use('/api', checkToken(deps));
  app.use(createPages(createDocument(routes)), createDashboard(deps.dashboardDir));
  for (const route of routes)
    app[route.method](expressPath(route.path), ...handlersOf(route, deps));
  app.use(createOtlpRoutes(deps));
  app.use(noSuchRoute);
  app.use('/v1', sendStatus(deps));
  app.use(sendProblem(deps));
  deps.metrics.readGauges(() => readGauges(deps));
  return app;
}

function handlersOf(route: Route, deps: AppDependencies): readonly RequestHandler[] {
  const begin: RequestHandler = (_request, response, next) => {
    response.locals['route'] = route.path;
    next();
  };
  return [
    begin,
    ...(route.needsPerson === true ? [requirePerson] : []),
    ...(route.method === 'post' ? [readBody] : []),
    (request, response) => route.run(deps, request, response),
  ];
}

function expressPath(path: string): string {
  return path.replaceAll(/\{(\w+)\}/g, ':$1');
}

async function readGauges({ store, otlp, now }: AppDependencies) {
  const [rows, unstarted, undelivered] = await Promise.all([
    store.investigations.list({ limit: gaugeLimit }),
    store.investigations.unstarted(1_000),
    store.actions.undeliveredDecisions(1_000),
  ]);
  const investigations: Record<string, number> = {};
  for (const { status } of rows) investigations[status] = (investigations[status] ?? 0) + 1;
  const { bytes, oldestAt } = otlp.kept();
  return {
    investigations,
    unstarted: unstarted.length,
    undelivered: undelivered.length,
    telemetryBytes: bytes,
    telemetryAgeMs: oldestAt === null ? 0 : Math.max(0, now() - oldestAt),
  };
}
