import type { Request, Response } from 'express';
import type { ErrorCode } from '../core/errors.ts';
import type { z } from '../core/schemas/z.ts';
import type { AppDependencies } from './dependencies.ts';
import { parsePart } from './parse-request.ts';
import type { Parsed } from './parse-request.ts';
import { callerOf } from './middleware/caller.ts';
import type { Caller } from './middleware/caller.ts';

/** What a handler gives: the body that the success schema describes, a text of another content type, or nothing more once it has answered itself. */
export type Answer<Body> =
  | {
      readonly kind: 'json';
      readonly body: Body;
      readonly headers?: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'text'; readonly contentType: string; readonly text: string }
  | { readonly kind: 'answered' };

/** A request whose parts have passed their schemas. */
export interface Call<Params, Query, Headers, Body> {
  readonly params: Params;
  readonly query: Query;
  readonly headers: Headers;
  readonly body: Body;
  readonly caller: Caller;
  readonly request: Request;
  readonly response: Response;
}

/** How an endpoint looks from outside: all that the OpenAPI document says of it. */
export interface RouteShape {
  readonly method: 'get' | 'post';
  /** As OpenAPI writes it: `/api/v1/investigations/{id}`. */
  readonly path: `/${string}`;
  readonly operationId: string;
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  /** A bearer token is needed always, not only beyond loopback. */
  readonly needsPerson?: true;
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly headers?: z.ZodObject;
  readonly body?: z.ZodType;
  readonly success: {
    readonly status: number;
    readonly description: string;
    /** Of the JSON body; absent when there is none. */
    readonly schema?: z.ZodType;
    /** Further content types of the same answer: what they hold, in words or as the schema of each piece. */
    readonly alternatives?: Readonly<Record<string, string | z.ZodType>>;
    /** Response headers, with what they say. */
    readonly headers?: Readonly<Record<string, string>>;
  };
  /** Further answers that are no errors, without a body: what each status says. */
  readonly otherwise?: Readonly<Record<number, string>>;
  /** Throws for whoever may not ask, before any part of the request is looked at; `query` is as it came. */
  readonly authorise?: (deps: AppDependencies, query: Readonly<Record<string, unknown>>) => void;
  /** Errors of its own; those of every route are added to the document. */
  readonly problems: readonly ErrorCode[];
}

export interface Route extends RouteShape {
  run(deps: AppDependencies, request: Request, response: Response): Promise<void>;
}

/**
 * Makes an endpoint of its one definition: checks every part of the request, gives the handler typed values, and sends what it gives with the status of the
 * success. A handler rejects with an `AppError`; the problem response is made elsewhere.
 */
export function route<
  Reply extends z.ZodType = z.ZodType,
  Params extends z.ZodObject | undefined = undefined,
  Query extends z.ZodObject | undefined = undefined,
  Headers extends z.ZodObject | undefined = undefined,
  Body extends z.ZodType | undefined = undefined,
>(
  definition: Omit<RouteShape, 'params' | 'query' | 'headers' | 'body' | 'success'> & {
    readonly params?: Params;
    readonly query?: Query;
    readonly headers?: Headers;
    readonly body?: Body;
    readonly success: Omit<RouteShape['success'], 'schema'> & { readonly schema?: Reply };
    readonly handle: (
      deps: AppDependencies,
      call: Call<Parsed<Params>, Parsed<Query>, Parsed<Headers>, Parsed<Body>>,
    ) => Promise<Answer<z.input<Reply>>>;
  },
): Route {
  const { handle, ...shape } = definition;
  return {
    ...(shape as RouteShape),
    run: async (deps, request, response) => {
      shape.authorise?.(deps, request.query);
      const answer = await handle(deps, {
        params: parsePart<Params>(definition.params, request.params, 'path'),
        query: parsePart<Query>(definition.query, request.query, 'query'),
        headers: parsePart<Headers>(definition.headers, request.headers, 'header'),
        body: parsePart<Body>(definition.body, request.body, 'body'),
        caller: callerOf(response),
        request,
        response,
      });
      send(response, shape.success.status, answer);
    },
  };
}

function send(response: Response, status: number, answer: Answer<unknown>): void {
  switch (answer.kind) {
    case 'json':
      response
        .status(status)
        .set(answer.headers ?? {})
        .json(answer.body);
      return;
    case 'text':
      response.status(status).type(answer.contentType).send(answer.text);
      return;
    case 'answered':
  }
}
