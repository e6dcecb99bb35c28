import { createHash, timingSafeEqual } from 'node:crypto';
import express from 'express';
import type { Request, RequestHandler, Router } from 'express';
import type { OpsAction, OpsJournal } from './ops-journal.ts';
import { readObject, readText } from './read-input.ts';
import type { Runtime } from './runtime.ts';
import { ShopError } from './shop-error.ts';

const drainLimitMs = 2_000;
const keyPattern = /^[\w.:-]{1,128}$/;

function requireToken(expected: string | undefined): RequestHandler {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return (request, response, next) => {
    const given = /^Bearer (.+)$/.exec(request.get('authorization') ?? '')?.[1];
    const isRight =
      expected !== undefined &&
      given !== undefined &&
      timingSafeEqual(digest(given), digest(expected));
    if (!isRight) {
      response.set('www-authenticate', 'Bearer realm="ops"');
      throw new ShopError(
        401,
        'unauthenticated',
        expected === undefined
          ? 'this service was started without an ops token'
          : 'send the ops token as "Authorization: Bearer ..."',
      );
    }
    next();
  };
}

function readKey(request: Request): string {
  const key = request.get('idempotency-key') ?? '';
  if (!keyPattern.test(key)) {
    throw new ShopError(
      400,
      'bad-idempotency-key',
      'send an Idempotency-Key header of 1 to 128 letters, digits or . _ : -',
    );
  }
  return key;
}

function readRollback(request: Request): OpsAction['request'] {
  const body = readObject(request.body, 'the body');
  const extra = Object.keys(body).find((field) => field !== 'toRevision');
  if (extra !== undefined)
    throw new ShopError(400, 'bad-request', `"${extra}" is not a field of a rollback`);
  return { toRevision: readText(body, 'toRevision') };
}

async function rollBack(
  runtime: Runtime,
  journal: OpsJournal,
  key: string,
  request: OpsAction['request'],
): Promise<Readonly<Record<string, unknown>>> {
  const { releases, inFlight, telemetry } = runtime;
  if (!releases.isKnown(request.toRevision)) {
    throw new ShopError(
      422,
      'unknown-revision',
      `${runtime.options.name} has no release ${request.toRevision}; it knows ${releases.current()} and ${releases.previous()}`,
    );
  }
  const requestedAt = new Date().toISOString();
  journal.begin({ key, request, state: 'in-progress', requestedAt });
  await inFlight.drain(drainLimitMs);
  const fromRevision = releases.current();
  const completedAt = new Date().toISOString();
  const response = {
    key,
    state: 'applied',
    service: runtime.options.name,
    fromRevision,
    toRevision: request.toRevision,
    changed: fromRevision !== request.toRevision,
    completedAt,
  };
  const action = { key, request, state: 'applied' as const, requestedAt, completedAt, response };
  const previous = response.changed ? fromRevision : releases.previous();
  journal.complete(action, request.toRevision, previous);
  releases.activate(request.toRevision);
  telemetry.log('INFO', `rolled back from ${fromRevision} to ${request.toRevision}`);
  return response;
}

function statusOf(runtime: Runtime, dependencies: Readonly<Record<string, string>>): object {
  const { options, releases, settings, startedAt } = runtime;
  return {
    service: options.name,
    instance: options.instance,
    revision: releases.current(),
    previousRevision: releases.previous(),
    config: settings.all(),
    dependencies,
    startedAt: startedAt.toISOString(),
  };
}

/**
 * The operator's side of a service, behind the bearer token: `GET /status`, `POST /rollback` and `GET /actions/:key`.
 * A rollback is carried out once a key: the same key and body get the stored answer, another body 422, a key still in
 * progress 409. It waits up to two seconds for requests in flight, then switches the release.
 */
export function createOpsRoutes(
  runtime: Runtime,
  journal: OpsJournal,
  dependencies: () => Readonly<Record<string, string>>,
): Router {
  const router = express.Router();
  router.use(requireToken(runtime.options.opsToken));
  router.use(express.json({ limit: '16kb' }));
  router.get('/status', (_request, response) => {
    response.json(statusOf(runtime, dependencies()));
  });
  router.get('/actions/:key', (request, response) => {
    const action = journal.find(request.params.key);
    if (action === undefined) {
      throw new ShopError(
        404,
        'unknown-key',
        `no action was requested with the key ${request.params.key}`,
      );
    }
    response.json(action);
  });
  router.post('/rollback', async (request, response) => {
    const key = readKey(request);
    const wanted = readRollback(request);
    const known = journal.find(key);
    if (known !== undefined && known.request.toRevision !== wanted.toRevision) {
      throw new ShopError(
        422,
        'key-reused',
        `the key ${key} was used for a rollback to ${known.request.toRevision}`,
      );
    }
    if (known?.state === 'in-progress') {
      throw new ShopError(
        409,
        'key-in-progress',
        `the rollback with the key ${key} is still under way`,
      );
    }
    if (known?.state === 'applied') {
      response.set('idempotent-replayed', 'true').json(known.response);
      return;
    }
    response.json(await rollBack(runtime, journal, key, wanted));
  });
  return router;
}
