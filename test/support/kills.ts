import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import type { Action } from '../../core/schemas/action.ts';
import type { Report } from '../../core/schemas/report.ts';
import { superviseDatabase } from '../../scripts/stack/parts.ts';
import type { Supervised } from '../../scripts/stack/supervise.ts';
import { openLog } from '../../scripts/stack/open-log.ts';
import { historyEvents, openClient } from './history.ts';
import { holdStep } from './hold-step.ts';
import { caseOf } from './incidents.ts';
import { eventually, eventsOf, investigate, reportOf, startLine } from './line.ts';
import type { Line } from './line.ts';
import { startTemporal } from './temporal.ts';
import type { TestTemporal } from './temporal.ts';

/** A line with servers of its own, since they are killed, and a rollback target that can withhold its reply. */
export interface KillGround {
  readonly line: Line;
  readonly client: Client;
  readonly target: Target;
  readonly database: Supervised;
  readonly temporal: TestTemporal;
  /** The report of a run that nobody disturbed; made once. */
  undisturbed(): Promise<Report>;
  stop(): Promise<void>;
}

/** A service that rolls back when asked, honours idempotency keys, counts effects, and can keep a caller waiting. */
export interface Target {
  readonly url: string;
  readonly token: string;
  withhold(): void;
  /** Answers everyone who was kept waiting, and everyone from now on. */
  answer(): void;
  isWithholding(): boolean;
  effects(): number;
  requests(): number;
  close(): Promise<void>;
}

export async function startKillGround(folder: string): Promise<KillGround> {
  const temporal = await startTemporal({ stateDir: folder });
  const { part: database, databaseUrl } = await superviseDatabase({
    stateDir: folder,
    log: openLog(join(folder, 'postgres.log')),
  });
  const target = await startTarget();
  const line = await startLine({
    temporalAddress: temporal.address,
    databaseUrl,
    services: [{ name: 'checkout', url: target.url, token: target.token }],
    // Every held step keeps a connection.
    env: { DATABASE_POOL_SIZE: '20' },
  });
  const client = await openClient(temporal.address);
  let undisturbed: Promise<Report> | null = null;
  return {
    line,
    client,
    target,
    database,
    temporal,
    undisturbed: () => {
      undisturbed ??= investigate(line, { case: caseOf('bad-deploy') }).then((id) =>
        reportOf(line, id),
      );
      return undisturbed;
    },
    stop: async () => {
      target.answer();
      await line.stop();
      await client.connection.close();
      await target.close();
      await temporal.stop();
      await database.stop();
    },
  };
}

export async function startTarget(): Promise<Target> {
  const token = 'token-of-the-target';
  const answers = new Map<string, string>();
  const waiting: ServerResponse[] = [];
  let revision = 'checkout-r119';
  let isWithholding = false;
  let effects = 0;
  let requests = 0;
  const server: Server = createServer((request, response) => {
    const key = String(request.headers['idempotency-key'] ?? '');
    if (request.method === 'GET') {
      const action = /^\/ops\/actions\/(.+)$/.exec(request.url ?? '')?.[1];
      if (action !== undefined) {
        const known = answers.get(action);
        return send(response, known === undefined ? 404 : 200, known ?? '{}');
      }
      return send(
        response,
        200,
        JSON.stringify({ service: 'checkout', revision, previousRevision: 'checkout-r118' }),
      );
    }
    request.resume().on('end', () => {
      requests += 1;
      if (!answers.has(key)) {
        effects += 1;
        revision = 'checkout-r118';
        answers.set(key, JSON.stringify({ key, state: 'applied' }));
      }
      if (isWithholding) waiting.push(response);
      else send(response, 200, answers.get(key) ?? '{}');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    token,
    withhold: () => {
      isWithholding = true;
      revision = 'checkout-r119';
    },
    answer: () => {
      isWithholding = false;
      for (const response of waiting.splice(0)) send(response, 200, '{"state":"applied"}');
    },
    isWithholding: () => waiting.length > 0,
    effects: () => effects,
    requests: () => requests,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function send(response: ServerResponse, status: number, body: string): void {
  if (response.destroyed) return;
  response.writeHead(status, { 'content-type': 'application/json' }).end(body);
}

/** What must be the same whatever was killed. */
export function verdictOf(report: Report): unknown {
  const { verdict, causes, ranking, chain } = report;
  return { verdict, causes, ranking, chain };
}

/** Where each phase is caught: the step whose record is held back, and the workflow it runs in. */
const phases = [
  { phase: 'scope', stepKey: 'scope', child: '' },
  { phase: 'plan', stepKey: 'plan', child: '' },
  { phase: 'observe', stepKey: 'trace.r1.observe.1', child: '/trace' },
  { phase: 'orient', stepKey: 'trace.r1.orient', child: '/trace' },
  { phase: 'decide', stepKey: 'trace.r1.decide', child: '/trace' },
  { phase: 'synthesise', stepKey: 'root-cause.r1.orient', child: '' },
  { phase: 'verify', stepKey: 'verify', child: '' },
  { phase: 'report', stepKey: 'report', child: '' },
] as const;

export interface KilledRun {
  readonly phase: string;
  readonly heldStep: string;
  readonly report: Report;
  /** Steps that were begun more than once, by the ledger. */
  readonly repeatedSteps: readonly string[];
  readonly endedTwice: readonly string[];
  readonly historyShowsSecondAttempt: boolean;
}

/**
 * Catches one investigation in each phase, and one approved write between its SENT and its record, all at once; kills the worker; lets go, and follows every
 * one to its end. A run is held by an uncommitted row under its step's own key; the write by a reply that is withheld.
 */
export async function killWorkerInEveryPhase(ground: KillGround): Promise<{
  readonly runs: readonly KilledRun[];
  readonly write: { readonly effects: number; readonly state: string; readonly attempts: number };
  readonly continueMs: readonly number[];
}> {
  const { line, target } = ground;
  const written = await approvedAction(ground);
  const effectsBefore = target.effects();
  target.withhold();
  await approve(line, written);
  await eventually('the write on its way', 30_000, () => Promise.resolve(target.isWithholding()));

  await line.worker()?.stop();
  const held = await Promise.all(
    phases.map(async (place) => {
      const id = await investigate(line, { case: caseOf('bad-deploy') });
      const workflowId = `${id}${place.child}`;
      const hold = await holdStep(line.databaseUrl, {
        investigationId: id,
        workflowId,
        stepKey: place.stepKey,
      });
      return { ...place, id, workflowId, hold };
    }),
  );
  await line.startWorker();
  await Promise.all(held.map(({ hold }) => hold.untilHeld(180_000)));
  if (!target.isWithholding()) throw new Error('the write is not held any more');

  line.worker()?.kill9();
  const killedAt = Date.now();
  await Promise.all(held.map(({ hold }) => hold.release()));
  target.answer();

  const continueMs = await Promise.all(held.map((one) => continuedAfter(line, one, killedAt)));
  const runs = await Promise.all(held.map((one) => followToEnd(ground, one)));
  const action = await eventually('the write settled', 60_000, async () => {
    const now = await actionOf(line, written.actionId);
    return now.state === 'applied' ? now : null;
  });
  const ledger = await line.store.ledger.list(written.investigationId);
  const attempts = ledger.filter(({ stepKey }) => stepKey === `${written.actionId}.send`).length;
  return {
    runs,
    write: { effects: target.effects() - effectsBefore, state: action.state, attempts },
    continueMs,
  };
}

async function continuedAfter(
  line: Line,
  one: { readonly id: string; readonly stepKey: string },
  killedAt: number,
): Promise<number> {
  const again = await eventually(`${one.stepKey} begun again`, 60_000, async () =>
    (await eventsOf(line, one.id)).find(
      ({ type, stepKey, at }) =>
        type === 'begun' && stepKey === one.stepKey && Date.parse(at) > killedAt,
    ),
  );
  return Date.parse(again.at) - killedAt;
}

async function followToEnd(
  ground: KillGround,
  one: {
    readonly id: string;
    readonly phase: string;
    readonly stepKey: string;
    readonly workflowId: string;
  },
): Promise<KilledRun> {
  const { line, client } = ground;
  const report = await reportOf(line, one.id, 120_000);
  await client.workflow.getHandle(one.id).result();
  const events = await eventsOf(line, one.id);
  const ended = events.filter(({ type }) => type === 'ended').map(({ stepKey }) => stepKey);
  const ledger = await line.store.ledger.list(one.id);
  const repeated = ledger.filter(({ attempt }) => attempt > 1).map(({ stepKey }) => stepKey);
  const attempts = (await historyEvents(client, one.workflowId)).map((event) => {
    const started = (
      event as { readonly activityTaskStartedEventAttributes?: { readonly attempt?: number } }
    ).activityTaskStartedEventAttributes;
    return started?.attempt ?? 0;
  });
  return {
    phase: one.phase,
    heldStep: one.stepKey,
    report,
    repeatedSteps: [...new Set(repeated)],
    endedTwice: ended.filter((key, index) => ended.indexOf(key) !== index),
    historyShowsSecondAttempt: attempts.some((attempt) => attempt >= 2),
  };
}

/** An investigation whose write has been proposed. */
async function approvedAction(ground: KillGround): Promise<Action> {
  const id = await investigate(ground.line, { case: caseOf('bad-deploy') });
  const report = await reportOf(ground.line, id);
  const [action] = report.actions;
  if (action === undefined) throw new Error('no action was proposed');
  return actionOf(ground.line, action.actionId);
}

async function actionOf(line: Line, actionId: string): Promise<Action> {
  return (await (await fetch(`${line.url}/api/v1/actions/${actionId}`)).json()) as Action;
}

async function approve(line: Line, { actionId, planHash }: Action): Promise<void> {
  const response = await fetch(`${line.url}/api/v1/actions/${actionId}/decision`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${line.token}` },
    body: JSON.stringify({ decision: 'approve', planHash }),
  });
  if (!response.ok)
    throw new Error(`the approval was answered ${response.status}: ${await response.text()}`);
}

/** Kills one server, or the API, while three investigations run, and follows them to their ends. */
export async function killServers(
  ground: KillGround,
  victim: 'temporal' | 'postgres' | 'api',
): Promise<readonly Report[]> {
  const { line } = ground;
  const ids = await Promise.all(
    [1, 2, 3].map(() => investigate(line, { case: caseOf('bad-deploy') })),
  );
  await eventually('the specialists at work', 60_000, async () => {
    const events = await Promise.all(ids.map((id) => eventsOf(line, id)));
    return events.every((some) => some.some(({ phase }) => phase === 'fan-out'));
  });
  if (victim === 'temporal') ground.temporal.kill9();
  if (victim === 'postgres') ground.database.kill9();
  if (victim === 'api') line.api.kill9();
  return Promise.all(ids.map((id) => reportOf(line, id, 150_000)));
}
