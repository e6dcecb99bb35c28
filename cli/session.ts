import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isLoopbackHost } from '../config/loopback.ts';
import { AppError } from '../core/errors.ts';
import { createClient, type Client } from './client.ts';
import type { Io } from './io.ts';
import { holdStack, isStackRunning } from './local-stack.ts';
import { stateFolder } from './project.ts';

export interface Session {
  readonly client: Client;
  /** Whether everything stops when the last command like this one ends. */
  readonly isLocalStack: boolean;
}

/** On a busy machine an answer takes a while; where nobody listens it is known at once. */
const probeMs = 10_000;

/**
 * Runs `work` with an API: the one at HOLDFAST_URL, else the local stack if it runs, else one on the default port, else a local stack started for
 * the duration. An address on another machine that does not answer is an error: nobody who gave one means this machine.
 */
export async function withSession<T>(io: Io, work: (session: Session) => Promise<T>): Promise<T> {
  const given = io.env['HOLDFAST_URL'] ?? '';
  const url = apiUrl(io.env);
  if (!URL.canParse(url)) throw new AppError('invalid.config', `HOLDFAST_URL is no URL: ${url}`);
  const preferStack = given === '' && isStackRunning(io.env);
  if (!preferStack && (await isHoldfast(url))) {
    return unlessStopped(io, work({ client: clientFor(io, url), isLocalStack: false }));
  }
  if (!isLoopbackHost(new URL(url).hostname)) {
    throw new AppError('unavailable.api', `No Holdfast API answers at ${url} (HOLDFAST_URL).`);
  }
  const stack = await holdStack(io.env, io.stopped, () =>
    io.say(`No Holdfast API answers at ${url}: starting the local stack for this command.\n`),
  );
  try {
    const session = { client: clientFor(io, stack.apiUrl), isLocalStack: true };
    return await unlessStopped(io, work(session));
  } finally {
    await stack.release();
  }
}

/** Rejects as soon as the person asks to stop; the work itself is left to end with the process. */
function unlessStopped<T>(io: Io, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    io.stopped.addEventListener('abort', () => reject(new Error('stopped')), { once: true });
    work.then(resolve, reject);
  });
}

/** Where the API is looked for: at HOLDFAST_URL, else on the default port of this machine. */
export function apiUrl(env: NodeJS.ProcessEnv): string {
  return env['HOLDFAST_URL'] || 'http://127.0.0.1:8080';
}

/** Tells whether what answers at a URL is Holdfast and no other program on that port. */
export async function isHoldfast(url: string): Promise<boolean> {
  try {
    const response = await fetch(new URL('/health', url), { signal: AbortSignal.timeout(probeMs) });
    const body = await response.text();
    return response.ok && body.includes('holdfast');
  } catch {
    return false;
  }
}

/** Gives the token for decisions: HOLDFAST_TOKEN, else on this machine the one that the local stack has written. */
export function readToken(env: NodeJS.ProcessEnv, url: string): string | null {
  const given = env['HOLDFAST_TOKEN'] ?? '';
  if (given !== '') return given;
  if (!isLoopbackHost(new URL(url).hostname)) return null;
  try {
    return readFileSync(join(stateFolder(env), 'token'), 'utf8').trim();
  } catch {
    return null; // no local stack was ever started here
  }
}

function clientFor(io: Io, url: string): Client {
  return createClient({ url, token: readToken(io.env, url) });
}
