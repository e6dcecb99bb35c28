import type { Request, RequestHandler } from 'express';
import { isLoopbackHost } from '../../config/loopback.ts';
import { AppError } from '../../core/errors.ts';
import type { AppDependencies } from '../dependencies.ts';
import { callerOf } from './caller.ts';
import { isSameOrigin } from './same-origin.ts';

/**
 * Lets through only requests that call the API by one of its names and, when a browser sends them, come from its own pages or those of the configured origins. So no other page can use
 * a browser on this machine, not even with a name of its own that leads here (DNS rebinding).
 */
export function checkHost({ config }: Pick<AppDependencies, 'config'>): RequestHandler {
  const isOpenToNames = !isLoopbackHost(config.host) && config.allowedHosts.length === 0;
  return (request, _response, next) => {
    const { host } = request.headers;
    const name = hostName(host);
    if (name === null || !(isOpenToNames || isKnown(name, config.allowedHosts))) {
      throw refuse(
        `the Host header ${JSON.stringify(host?.slice(0, 100) ?? '')} is no name of this API`,
      );
    }
    const { origin } = request.headers;
    if (origin !== undefined && !isSameOrigin(origin, host) && !isOurs(origin, config)) {
      throw refuse(`a page of ${JSON.stringify(origin.slice(0, 100))} may not call this API`);
    }
    next();
  };
}

/** Beyond loopback every call of the API needs a person; but to become one of them in a browser does not. */
export function checkToken({ config }: Pick<AppDependencies, 'config'>): RequestHandler {
  const needsToken = !isLoopbackHost(config.host);
  return (request, response, next) => {
    const isEntering = request.path === '/v1/session';
    if (needsToken && !isEntering && callerOf(response).person === null)
      throw unauthenticated(request);
    next();
  };
}

/** Lets only people through, wherever they call from. */
export const requirePerson: RequestHandler = (request, response, next) => {
  if (callerOf(response).person === null) throw unauthenticated(request);
  next();
};

function unauthenticated(request: Request): AppError {
  const says =
    request.headers.authorization === undefined
      ? 'no bearer token came with the request'
      : 'the bearer token is nobody known';
  return new AppError('unauthenticated.token', says);
}

function refuse(says: string): AppError {
  return new AppError('forbidden.host', says);
}

function isKnown(name: string, allowed: readonly string[]): boolean {
  return isLoopbackHost(name) || allowed.includes(name);
}

function hostName(host: string | undefined): string | null {
  const url = `http://${host ?? ''}`;
  if (host === undefined || /[/?#@\\]/.test(host) || !URL.canParse(url)) return null;
  return new URL(url).hostname;
}

function isOurs(origin: string, config: AppDependencies['config']): boolean {
  return config.corsOrigins.includes(origin);
}
