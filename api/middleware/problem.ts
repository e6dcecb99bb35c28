import type { ErrorRequestHandler, Request, RequestHandler, Response } from 'express';
import { AppError, errorPolicy, isAppError } from '../../core/errors.ts';
import type { ErrorCode } from '../../core/errors.ts';
import { z } from '../../core/schemas/z.ts';
import type { AppDependencies } from '../dependencies.ts';

/** The body of every answer that is an error. Source: RFC 9457, with `code`, `errors` and `context` as members of our own. */
export const problemSchema = z
  .object({
    type: z.string().meta({ description: 'Where the error is explained.' }),
    title: z.string().meta({ description: 'What to do.' }),
    status: z.int(),
    detail: z.string().meta({ description: 'What was wrong, with what.' }),
    instance: z.string().meta({ description: 'The path that was asked for.' }),
    code: z.string().meta({ description: 'The code of the error.' }),
    errors: z
      .array(z.object({ in: z.string(), field: z.string(), message: z.string() }))
      .optional()
      .meta({ description: 'The fields at fault.' }),
    context: z
      .record(z.string(), z.json())
      .optional()
      .meta({ description: 'How things stand, where that helps.' }),
  })
  .meta({ id: 'Problem', description: 'An error.' });

/** Gives where an error is explained, on this server: the heading of its code. */
export function problemType(code: ErrorCode): string {
  return `/docs/errors.md#${code.replaceAll('.', '')}`;
}

/** Answers for paths that no route has. */
export const noSuchRoute: RequestHandler = (request) => {
  throw new AppError('not-found.route', `there is no ${request.method} ${request.path}`);
};

/** Turns whatever was thrown into a problem response; only here are they made. What is no error of ours says nothing of itself to the outside. */
export function sendProblem({ logger }: Pick<AppDependencies, 'logger'>): ErrorRequestHandler {
  return (thrown: unknown, request, response, _next) => {
    const error = toAppError(thrown);
    const { status } = errorPolicy(error.code);
    if (status >= 500) {
      logger[error.code.startsWith('bug.') ? 'error' : 'warn'](
        { err: error, code: error.code, method: request.method, path: request.path },
        'a request failed',
      );
    }
    if (response.headersSent) {
      // A stream that broke: the client reads on from where it stopped.
      response.destroy();
      return;
    }
    respond(error, request, response);
  };
}

function respond(error: AppError, request: Request, response: Response): void {
  const { status, advice, kind } = errorPolicy(error.code);
  if (status === 401) response.set('WWW-Authenticate', 'Bearer');
  if (kind === 'unavailable') response.set('Retry-After', '1');
  const { errors, ...context } = error.details;
  response
    .status(status)
    .type('application/problem+json')
    .set('Cache-Control', 'no-store')
    .send(
      JSON.stringify({
        type: problemType(error.code),
        title: advice,
        status,
        detail: kind === 'bug' ? 'something went wrong here; the log says what' : error.message,
        instance: request.originalUrl.split('?', 1)[0],
        code: error.code,
        ...(errors === undefined ? {} : { errors }),
        ...(kind === 'bug' || Object.keys(context).length === 0 ? {} : { context }),
      }),
    );
}

/** What the body parser and the router throw is told by its `type` and `status`. */
export function toAppError(thrown: unknown): AppError {
  if (isAppError(thrown)) return thrown;
  const { type, status } = fieldsOf(thrown);
  if (type === 'entity.too.large') {
    return new AppError('invalid.body-too-large', 'the body is larger than 1 MB');
  }
  if (type === 'entity.parse.failed') return new AppError('invalid.json', 'the body is not JSON');
  if (status >= 400 && status < 500) {
    return new AppError(
      'invalid.json',
      'the request cannot be read: its encoding or its path is malformed',
    );
  }
  return new AppError('bug.invariant', 'an unexpected error', { cause: thrown });
}

function fieldsOf(thrown: unknown): { readonly type: string; readonly status: number } {
  if (typeof thrown !== 'object' || thrown === null) return { type: '', status: 0 };
  const type = 'type' in thrown && typeof thrown.type === 'string' ? thrown.type : '';
  const status = 'status' in thrown && typeof thrown.status === 'number' ? thrown.status : 0;
  return { type, status };
}
