import { Router } from 'express';
import type { RequestHandler } from 'express';
import type { OtlpSignal } from '../../integrations/otlp/signals.ts';
import type { AppDependencies } from '../dependencies.ts';
import { checkToken } from '../middleware/access.ts';
import { createByteBudget } from './byte-budget.ts';
import type { ByteBudget } from './byte-budget.ts';
import { encodingOf, readExport } from './read-export.ts';
import { contentTypes } from './send-status.ts';

const signals: readonly OtlpSignal[] = ['traces', 'metrics', 'logs'];
/** Of all bodies that are being read and kept. */
const maxBytesInFlight = 32 * 1_024 * 1_024;

/**
 * The endpoints of OTLP over HTTP, under the paths that its specification gives them; so the OpenAPI document does not describe them. What they throw is answered by
 * `sendStatus`. Source: opentelemetry.io/docs/specs/otlp, version 1.10.
 */
export function createOtlpRoutes(
  deps: Pick<AppDependencies, 'otlp' | 'config'>,
  budget: ByteBudget = createByteBudget(maxBytesInFlight),
): Router {
  const router = Router();
  router.use('/v1', checkToken(deps));
  for (const signal of signals) {
    const path = `/v1/${signal}`;
    router.post(path, nameRoute(path), receive(signal, deps, budget));
  }
  return router;
}

function nameRoute(path: string): RequestHandler {
  return (_request, response, next) => {
    response.locals['route'] = path;
    next();
  };
}

function receive(
  signal: OtlpSignal,
  { otlp }: Pick<AppDependencies, 'otlp'>,
  budget: ByteBudget,
): RequestHandler {
  return async (request, response) => {
    const encoding = encodingOf(request);
    const body = await readExport(request, budget);
    try {
      const receipt = await otlp.receive({ signal, encoding, body });
      response
        .status(200)
        .type(contentTypes[encoding])
        .send(otlp.encodeReceipt(signal, encoding, receipt));
    } finally {
      budget.give(body.length);
    }
  };
}
