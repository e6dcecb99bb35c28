import { performance } from 'node:perf_hooks';
import { SpanKind, SpanStatusCode, context, trace } from '@opentelemetry/api';
import type { ErrorRequestHandler, Request, RequestHandler, Response } from 'express';
import { exceptionAttributes } from './exception-attributes.ts';
import type { Runtime } from './runtime.ts';
import { ShopError } from './shop-error.ts';
import { extractParent } from './spans.ts';

function routeOf(request: Request): string {
  const route: unknown = request.route;
  if (typeof route !== 'object' || route === null || !('path' in route)) return 'unmatched';
  return String(route.path);
}

/**
 * Gives every request a server span, a duration and an outcome. The span ends when the handler answers, also when the
 * caller has hung up before, so it shows what the work really took.
 */
export function traceRequests(runtime: Runtime): RequestHandler {
  const { telemetry, instruments, inFlight } = runtime;
  return (request, response, next) => {
    const startedAtMs = performance.now();
    const leave = inFlight.begin();
    runtime.journal.note(request.method, request.path);
    const span = telemetry.tracer.startSpan(
      request.method,
      { kind: SpanKind.SERVER, attributes: { 'http.request.method': request.method } },
      extractParent(request.headers),
    );
    const active = trace.setSpan(context.active(), span);
    const end = response.end.bind(response);
    let hasEnded = false;

    const finish = (): void => {
      if (hasEnded) return;
      hasEnded = true;
      const status = response.statusCode;
      const route = routeOf(request);
      const attributes = {
        'http.request.method': request.method,
        'http.route': route,
        'http.response.status_code': status,
      };
      span.updateName(`${request.method} ${route}`).setAttributes(attributes);
      if (status >= 500) {
        span.setAttribute('error.type', errorTypeOf(response) ?? String(status));
        span.setStatus({ code: SpanStatusCode.ERROR });
      }
      const durationMs = performance.now() - startedAtMs;
      context.with(active, () => {
        instruments.serverDuration.record(durationMs / 1_000, attributes);
        instruments.countRequest(status < 500);
        if (runtime.options.name === 'gateway') {
          telemetry.log(
            'INFO',
            `${request.method} ${request.path} ${status} ${Math.round(durationMs)} ms`,
          );
        }
      });
      span.end();
      leave();
    };
    Object.assign(response, {
      end: (...args: Parameters<Response['end']>) => {
        finish();
        return end(...args);
      },
    });
    response.once('close', () => {
      if (!request.complete) finish();
    });
    context.with(active, next);
  };
}

const errorTypeKey = 'errorType';

function errorTypeOf(response: Response): string | undefined {
  const value: unknown = response.locals[errorTypeKey];
  return typeof value === 'string' ? value : undefined;
}

/** Turns away what exceeds `maxRequestsPerSecond`, counted over sliding seconds. */
export function shedLoad(runtime: Runtime): RequestHandler {
  return limitRate(runtime, { seconds: 1, countsRefused: false });
}

/**
 * Turns away what exceeds the quota of ten seconds, ten times `maxRequestsPerSecond`. As with the shared counters that
 * quotas are kept in, what is refused counts too, so a caller has to pause before it is served again.
 */
export function enforceQuota(runtime: Runtime): RequestHandler {
  return limitRate(runtime, { seconds: 10, countsRefused: true });
}

function limitRate(
  runtime: Runtime,
  rule: { readonly seconds: number; readonly countsRefused: boolean },
): RequestHandler {
  const recent: number[] = [];
  return (_request, _response, next) => {
    const nowMs = performance.now();
    while (recent[0] !== undefined && nowMs - recent[0] > rule.seconds * 1_000) recent.shift();
    const limit = runtime.settings.get('maxRequestsPerSecond') * rule.seconds;
    const isOver = recent.length >= limit;
    if (!isOver || rule.countsRefused) recent.push(nowMs);
    if (isOver) {
      throw new ShopError(
        503,
        'rate-limited',
        `${runtime.options.name} refused the request: over its limit of requests a second`,
      );
    }
    next();
  };
}

/** Answers failures as problem JSON; an expected one with its own status, anything else as 500 with the exception logged. */
export function answerErrors(runtime: Runtime): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    if (response.headersSent) {
      next(error);
      return;
    }
    const { status, code, detail } = describeFailure(error);
    if (status >= 500) {
      const isExpected = error instanceof ShopError;
      response.locals[errorTypeKey] = isExpected
        ? code
        : error instanceof Error
          ? error.name
          : 'Error';
      runtime.telemetry.log(
        'ERROR',
        `${request.method} ${request.path} failed: ${error instanceof Error ? error.message : String(error)}`,
        isExpected ? { 'error.type': code } : exceptionAttributes(error),
      );
    }
    response
      .status(status)
      .type('application/problem+json')
      .json({ type: 'about:blank', title: code, status, detail });
  };
}

function describeFailure(error: unknown): {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
} {
  if (error instanceof ShopError)
    return { status: error.status, code: error.code, detail: error.message };
  const status = statusFromBodyParser(error);
  if (status !== undefined) {
    return { status, code: 'bad-request', detail: 'the body could not be read as JSON' };
  }
  return { status: 500, code: 'internal-error', detail: 'the service failed unexpectedly' };
}

function statusFromBodyParser(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('status' in error) || !('type' in error)) return undefined;
  return typeof error.status === 'number' && error.status < 500 ? error.status : undefined;
}
