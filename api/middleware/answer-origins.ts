import cors from 'cors';
import type { RequestHandler } from 'express';
import type { AppDependencies } from '../dependencies.ts';

const preflightSeconds = 600;

/**
 * Lets pages of the configured origins read answers (CORS): with a bearer token of their own, never with the session of a browser. Source: Fetch Living
 * Standard, 3.2.
 */
export function answerOrigins({ config }: Pick<AppDependencies, 'config'>): RequestHandler {
  return cors({
    origin: [...config.corsOrigins],
    methods: ['GET', 'POST'],
    allowedHeaders: ['Authorization', 'Content-Type', 'Idempotency-Key', 'Last-Event-ID'],
    exposedHeaders: ['Location', 'Retry-After'],
    maxAge: preflightSeconds,
  });
}
