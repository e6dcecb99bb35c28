import { AsyncResource } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import type { RequestHandler } from 'express';
import type { AppDependencies } from '../dependencies.ts';
import { callerOf } from './caller.ts';
import { routinePaths } from './routine.ts';

/**
 * Logs every request once it has been answered, and counts it under the pattern of its route. Neither query nor headers are logged.
 */
export function logRequests({
  logger,
  metrics,
}: Pick<AppDependencies, 'logger' | 'metrics'>): RequestHandler {
  return (request, response, next) => {
    const beganAt = performance.now();
    const requestId = randomUUID();
    response.set('X-Request-Id', requestId);
    const log = (): void => {
      const { method, path } = request;
      const status = response.statusCode;
      const durationMs = Math.round(performance.now() - beganAt);
      const pattern: unknown = response.locals['route'];
      const route = typeof pattern === 'string' ? pattern : 'none';
      metrics.countRequest({ method, route, status, durationMs });
      const { person } = callerOf(response);
      const isRoutine = routinePaths.has(route) && status < 500;
      logger[isRoutine ? 'debug' : 'info'](
        { requestId, method, path, status, durationMs, ...(person === null ? {} : { person }) },
        'request',
      );
    };
    // A stream calls its listeners outside of the request, where its span is not known.
    response.on('close', AsyncResource.bind(log));
    next();
  };
}
