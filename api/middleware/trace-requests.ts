import type { RequestHandler } from 'express';
import type { AppDependencies } from '../dependencies.ts';
import { routinePaths } from './routine.ts';

/**
 * Answers each request within a span, which goes on the trace of the caller where it names one. Neither query nor headers are told, nor anything of what
 * programs ask for again and again.
 */
export function traceRequests({ tracing }: Pick<AppDependencies, 'tracing'>): RequestHandler {
  return (request, response, next) => {
    const { method, path } = request;
    if (routinePaths.has(path)) {
      next();
      return;
    }
    void tracing.inSpan(
      {
        name: method,
        kind: 'server',
        parent: request.get('traceparent') ?? null,
        attributes: { 'http.request.method': method, 'url.path': path },
      },
      (span) =>
        new Promise<void>((resolve) => {
          response.on('close', () => {
            const { statusCode, locals } = response;
            const route: unknown = locals['route'];
            span.set({ 'http.response.status_code': statusCode });
            if (typeof route === 'string') {
              span.rename(`${method} ${route}`);
              span.set({ 'http.route': route });
            }
            if (statusCode >= 500) span.fail(String(statusCode));
            resolve();
          });
          next();
        }),
    );
  };
}
