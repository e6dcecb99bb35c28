import type { Request, RequestHandler, Response } from 'express';
import type { AppDependencies } from '../dependencies.ts';

/** Who calls, and from where. */
export interface Caller {
  /** The person whose token came with the request; null when none did. */
  readonly person: string | null;
  /** Whether the other end of the connection is on this machine, and no proxy says that it speaks for someone else. */
  readonly isLocal: boolean;
}

const forwarding = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'via'];

/** Finds out who calls, for all that comes after. */
export function identifyCaller({ identifyBearer }: Pick<AppDependencies, 'identifyBearer'>) {
  const handler: RequestHandler = (request, response, next) => {
    const caller: Caller = {
      person: identifyBearer(request.headers.authorization),
      isLocal: isLocal(request),
    };
    response.locals['caller'] = caller;
    next();
  };
  return handler;
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
