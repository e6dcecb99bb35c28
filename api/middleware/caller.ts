import type { Request, RequestHandler, Response } from 'express';
import type { AppDependencies } from '../dependencies.ts';
import { isSameOrigin } from './same-origin.ts';
import { readSessionCookie } from './session-cookie.ts';

/** Who calls, and from where. */
export interface Caller {
  /** The person whose token or session came with the request; null when none did. */
  readonly person: string | null;
  /** Whether the other end of the connection is on this machine, and no proxy says that it speaks for someone else. */
  readonly isLocal: boolean;
}

const forwarding = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'via'];

/**
 * Finds out who calls, for all that comes after: by the bearer token, else by the session of a browser. A session counts for what changes something only
 * where the browser says that it comes from our own page: an origin that may call us has no part in it.
 */
export function identifyCaller(
  deps: Pick<AppDependencies, 'identifyBearer' | 'store' | 'sha256Hex' | 'now'>,
): RequestHandler {
  return async (request, response, next) => {
    const bearer = deps.identifyBearer(request.headers.authorization);
    const caller: Caller = {
      person: bearer ?? (await personOfSession(deps, request)),
      isLocal: isLocal(request),
    };
    response.locals['caller'] = caller;
    next();
  };
}

async function personOfSession(
  { store, sha256Hex, now }: Pick<AppDependencies, 'store' | 'sha256Hex' | 'now'>,
  request: Request,
): Promise<string | null> {
  const isReading = request.method === 'GET' || request.method === 'HEAD';
  const session = readSessionCookie(request.headers.cookie);
  const { origin, host } = request.headers;
  const isFromHere = origin === undefined ? isReading : isSameOrigin(origin, host);
  if (session === null || !isFromHere) return null;
  return store.sessions.personOf(sha256Hex(session), now());
}

/** Gives what `identifyCaller` found; nobody from elsewhere where it did not run. */
export function callerOf(response: Response): Caller {
  const caller = response.locals['caller'] as Caller | undefined;
  return caller ?? { person: null, isLocal: false };
}

function isLocal(request: Request): boolean {
  const address = (request.socket.remoteAddress ?? '').replace(/^::ffff:/, '');
  const isLoopback = address === '::1' || address.startsWith('127.');
  return isLoopback && !forwarding.some((name) => request.headers[name] !== undefined);
}
