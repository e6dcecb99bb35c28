import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { AppError, kindPolicies } from '../../core/errors.ts';
import { opsActionSchema, opsStatusSchema } from '../../core/schemas/ops.ts';
import type { z } from '../../core/schemas/z.ts';
import type { Io } from '../io.ts';
import { cleanJson } from '../render/clean.ts';
import { table } from '../render/table.ts';

export interface OpsCheckOptions {
  readonly tokenFile?: string;
  readonly writes: boolean;
  readonly json: boolean;
}

/** One demand of the contract, and what the service did. */
interface Held {
  readonly state: 'ok' | 'fail';
  readonly demand: string;
  readonly found: string;
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

type Ask = (
  method: 'GET' | 'POST',
  path: string,
  options?: { readonly token?: string | null; readonly key?: string; readonly body?: unknown },
) => Promise<Answer>;

const replyMs = 10_000;

/**
 * Carries out `holdfast ops check`: holds a service against the contract of `/ops/*`. Nothing is changed in it, unless `writes` allows a rollback to the
 * release that serves already, which shows how keys are honoured. Fails when a demand is not met.
 */
export async function opsCheck(io: Io, url: string, options: OpsCheckOptions): Promise<number> {
  const ask = askerOf(url, await tokenOf(io, options), io.stopped);
  const held: Held[] = [...(await checkReads(ask)), ...(await checkRefusals(ask))];
  if (options.writes) held.push(...(await checkKeys(ask)));
  if (options.json) io.print(`${cleanJson(held)}\n`);
  else io.print(table(held.map(({ state, demand, found }) => [state, demand, found])));
  if (!options.writes) io.say('With --writes it is also checked that a key is carried out once.\n');
  return held.every(({ state }) => state === 'ok') ? 0 : kindPolicies.invalid.exitCode;
}

async function checkReads(ask: Ask): Promise<readonly Held[]> {
  const unknown = `check-${randomUUID()}`;
  return [
    demandStatus('no token is refused', [401], await ask('GET', '/ops/status', { token: null })),
    demandStatus(
      'a wrong token is refused',
      [401],
      await ask('GET', '/ops/status', { token: 'x' }),
    ),
    demandBody('status names the releases', await ask('GET', '/ops/status'), opsStatusSchema),
    demandStatus('an unknown key is 404', [404], await ask('GET', `/ops/actions/${unknown}`)),
  ];
}

/** Requests that a service has to refuse before it does anything. */
async function checkRefusals(ask: Ask): Promise<readonly Held[]> {
  const body = { toRevision: `no-such-release-${randomUUID()}` };
  const key = `check-${randomUUID()}`;
  const extra = { ...body, force: true };
  return [
    demandStatus(
      'a rollback without a key is refused',
      [400],
      await ask('POST', '/ops/rollback', { body }),
    ),
    demandStatus(
      'what is no rollback is refused',
      [400, 422],
      await ask('POST', '/ops/rollback', { key, body: extra }),
    ),
    demandStatus(
      'a release that is not there is refused',
      [422],
      await ask('POST', '/ops/rollback', { key, body }),
    ),
  ];
}

async function checkKeys(ask: Ask): Promise<readonly Held[]> {
  const status = opsStatusSchema.safeParse((await ask('GET', '/ops/status')).body);
  if (!status.success) return [];
  const key = `check-${randomUUID()}`;
  const body = { toRevision: status.data.revision };
  const other = { toRevision: status.data.previousRevision };
  const first = await ask('POST', '/ops/rollback', { key, body });
  const again = await ask('POST', '/ops/rollback', { key, body });
  const isSame = JSON.stringify(again.body) === JSON.stringify(first.body);
  return [
    demandBody('a rollback says what it did', first, opsActionSchema),
    {
      state: isSame ? 'ok' : 'fail',
      demand: 'the same key gets the same answer',
      found: isSame ? 'it does' : 'another answer',
    },
    demandStatus(
      'the same key for another request is refused',
      [422],
      await ask('POST', '/ops/rollback', { key, body: other }),
    ),
    demandBody(
      'the key can be read back',
      await ask('GET', `/ops/actions/${key}`),
      opsActionSchema,
    ),
  ];
}

function demandStatus(demand: string, wanted: readonly number[], { status }: Answer): Held {
  const isMet = wanted.includes(status);
  const found = isMet ? String(status) : `${status}, not ${wanted.join(' or ')}`;
  return { state: isMet ? 'ok' : 'fail', demand, found };
}

function demandBody(demand: string, { status, body }: Answer, schema: z.ZodType): Held {
  if (status !== 200) return { state: 'fail', demand, found: `${status}, not 200` };
  const parsed = schema.safeParse(body);
  const issue = parsed.error?.issues[0];
  if (issue === undefined) return { state: 'ok', demand, found: '200' };
  return {
    state: 'fail',
    demand,
    found: `${issue.path.join('.') || 'the body'}: ${issue.message}`,
  };
}

/** Speaks to the service and to nobody else: redirects are not followed. */
function askerOf(url: string, token: string, stopped: AbortSignal): Ask {
  const base = baseOf(url);
  return async (method, path, { token: given = token, key, body } = {}) => {
    const headers = {
      accept: 'application/json',
      ...(given === null ? {} : { authorization: `Bearer ${given}` }),
      ...(key === undefined ? {} : { 'idempotency-key': key }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    };
    const signal = AbortSignal.any([stopped, AbortSignal.timeout(replyMs)]);
    const sent = { method, headers, signal, redirect: 'manual' as const };
    try {
      const response = await fetch(`${base}${path}`, {
        ...sent,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return { status: response.status, body: parse(await response.text()) };
    } catch (error) {
      stopped.throwIfAborted();
      throw new AppError('unavailable.backend', `${method} ${base}${path} was not answered`, {
        cause: error,
      });
    }
  };
}

function baseOf(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (parsed === null || !/^https?:$/.test(parsed.protocol) || parsed.username !== '') {
    throw new AppError('invalid.request', `${JSON.stringify(url)} is no http or https address`);
  }
  return `${parsed.origin}${parsed.pathname.replace(/\/+$/, '')}`;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text; // the status is what counts; where a body does, it will not fit
  }
}

async function tokenOf(io: Io, { tokenFile }: OpsCheckOptions): Promise<string> {
  if (tokenFile === undefined) return io.env['HOLDFAST_OPS_TOKEN'] ?? '';
  const text = await readFile(tokenFile, 'utf8').catch((error: unknown) => {
    throw new AppError('invalid.request', `the token file ${tokenFile} cannot be read`, {
      cause: error,
    });
  });
  return text.trim();
}
