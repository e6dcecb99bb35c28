import type { ErrorRequestHandler, Request } from 'express';
import { AppError, errorPolicy } from '../../core/errors.ts';
import type { OtlpEncoding } from '../../integrations/otlp/signals.ts';
import type { AppDependencies } from '../dependencies.ts';
import { toAppError } from '../middleware/problem.ts';
import { encodingOf } from './read-export.ts';

/** Numbers of `google.rpc.Code` by HTTP status. */
const rpcCodes: Readonly<Record<number, number>> = { 401: 16, 403: 7, 404: 5, 413: 8, 503: 14 };
const invalidArgument = 3;
const internal = 13;
const retryAfterSeconds = 1;

/** Turns whatever was thrown on a path of OTLP into the answer that the specification asks for: a `Status` in the encoding of the request. */
export function sendStatus({
  otlp,
  logger,
  metrics,
}: Pick<AppDependencies, 'otlp' | 'logger' | 'metrics'>): ErrorRequestHandler {
  return (thrown: unknown, request, response, _next) => {
    const error = toAppError(thrown);
    const { status, kind } = errorPolicy(error.code);
    metrics.countRefused(error.code);
    if (status >= 500) {
      const level = kind === 'bug' ? 'error' : 'warn';
      logger[level]({ err: error, code: error.code, path: request.path }, 'telemetry was refused');
    }
    const encoding = encodingOr(request, 'json');
    const message = kind === 'bug' ? 'something went wrong here; the log says what' : error.message;
    const code = rpcCodes[status] ?? (status >= 500 ? internal : invalidArgument);
    if (status === 401) response.set('WWW-Authenticate', 'Bearer');
    if (kind === 'unavailable') response.set('Retry-After', String(retryAfterSeconds));
    response
      .status(status)
      .type(contentTypes[encoding])
      .send(otlp.encodeStatus(encoding, { code, message: `${error.code}: ${message}` }));
  };
}

export const contentTypes: Readonly<Record<OtlpEncoding, string>> = {
  json: 'application/json',
  protobuf: 'application/x-protobuf',
};

function encodingOr(request: Request, otherwise: OtlpEncoding): OtlpEncoding {
  try {
    return encodingOf(request);
  } catch (error) {
    if (error instanceof AppError) return otherwise;
    throw error;
  }
}
