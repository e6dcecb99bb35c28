import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { ControlMessage } from '../service/control.ts';
import { describeUserPain } from './alert.ts';
import { causeFault, prepareFault, tell } from './cause-fault.ts';
import { startCollector } from './collector.ts';
import type { Collector } from './collector.ts';
import { generateHistory } from './history.ts';
import { startLoad } from './load.ts';
import type { Plan } from './plan.ts';
import { createRandom } from './random.ts';
import { startShopDatabases } from './shop-databases.ts';
import type { ShopDatabases } from './shop-databases.ts';
import { startShop } from './start-shop.ts';
import type { Shop } from './start-shop.ts';
import { makeTemporaryFolder } from './temporary-folder.ts';
import { readUserRequests } from './trace-lines.ts';
import type { UserRequest } from './trace-lines.ts';
import { addTruthRow, toTruthRow } from './truth.ts';
import { writeCase } from './write-case.ts';
import type { DatedChange, Recording } from './write-case.ts';

/** What one run of the recorder is asked for. */
export interface RecordRequest {
  readonly plan: Plan;
  readonly seed: number;
  readonly outDir: string;
  readonly historyHours: number | null;
  readonly warmUpMs: number;
  readonly signal: AbortSignal;
  readonly say: (sentence: string) => void;
}

interface Played {
  readonly startMs: number;
  readonly endMs: number;
  readonly onsetMs: number | null;
  readonly changes: readonly DatedChange[];
}

async function play(request: RecordRequest, shop: Shop, databases: ShopDatabases): Promise<Played> {
  const { plan, signal, say } = request;
  await prepareFault(plan, shop);
  const load = startLoad(shop.gatewayUrl, plan.load, createRandom(request.seed, 'load'));
  await wait(request.warmUpMs, undefined, { signal });
  const startMs = Date.now();
  const until = (offsetMs: number): Promise<void> =>
    wait(Math.max(0, startMs + offsetMs - Date.now()), undefined, { signal });
  say(`recording; ${Math.round(plan.endMs / 1_000)} s to go`);

  const changes: DatedChange[] = plan.past.map(({ beforeMs, change }) => ({
    atMs: startMs - beforeMs,
    change,
  }));
  await until(plan.aside.atMs);
  changes.push({ atMs: Date.now(), change: plan.aside.change });
  await tell(shop.services[plan.aside.change.service], {
    kind: 'configure',
    changes: plan.aside.settings,
  });
  if (plan.decoy !== null) {
    await until(plan.decoy.atMs);
    const { change } = plan.decoy;
    changes.push({ atMs: Date.now(), change });
    await tell(shop.services[change.service], messageOf(plan.decoy));
  }
  await until(plan.onsetMs);
  const atMs = Date.now();
  const change = await causeFault(plan, { shop, databases, load });
  if (change !== null) changes.push({ atMs, change });
  await until(plan.endMs);
  const endMs = Date.now();
  await load.stop();
  await shop.flush();
  return { startMs, endMs, onsetMs: plan.fault === null ? null : atMs, changes };
}

/** What the service of a decoy is told. */
export function messageOf(decoy: NonNullable<Plan['decoy']>): ControlMessage {
  const { change, settings } = decoy;
  return settings === undefined
    ? { kind: 'deploy', revision: change.revision ?? change.id }
    : { kind: 'configure', changes: settings };
}

function toHistory(
  request: RecordRequest,
  played: Played,
  requests: readonly UserRequest[],
): Recording['history'] {
  const { historyHours: hours, plan } = request;
  if (hours === null) return null;
  const before = requests.filter(({ startMs }) => startMs < played.startMs + plan.onsetMs);
  const bad = before.filter(({ hasFailed }) => hasFailed).length;
  const seconds = plan.onsetMs / 1_000;
  const rows = generateHistory({
    random: createRandom(request.seed, 'history'),
    untilMs: played.startMs,
    hours,
    goodPerSecond: (before.length - bad) / seconds,
    badPerSecond: bad / seconds,
    instance: plan.instances.gateway,
  });
  return { hours, rows };
}

async function write(
  request: RecordRequest,
  played: Played,
  collector: Collector,
): Promise<string> {
  const window = { startMs: played.startMs, endMs: played.endMs };
  const exports = collector.exports();
  const requests = readUserRequests(exports, window);
  if (requests.length === 0)
    throw new Error('the gateway reported no request; nothing was written');
  await mkdir(request.outDir, { recursive: true });
  const name = await writeCase(request.outDir, {
    window,
    alert: describeUserPain(requests, window),
    exports,
    changes: played.changes,
    history: toHistory(request, played, requests),
  });
  await addTruthRow(request.outDir, toTruthRow(name, request.plan.fault, played.onsetMs));
  return name;
}

/**
 * Starts a shop of its own, lets its users in, plays the plan, and writes what the shop reported as a case folder
 * under `outDir`; returns the folder's name. Everything started is stopped and removed again, however it ends.
 */
export async function recordScenario(request: RecordRequest): Promise<string> {
  const { say, signal } = request;
  const folder = await makeTemporaryFolder();
  const undo: (() => Promise<void>)[] = [];
  try {
    say('starting PostgreSQL');
    const databases = await startShopDatabases(folder.databaseDir);
    undo.unshift(databases.stop);
    signal.throwIfAborted();
    const collector = await startCollector();
    undo.unshift(collector.stop);
    say('starting the shop');
    const shop = await startShop({
      plan: request.plan,
      collectorUrl: collector.url,
      databases,
      stateDir: path.join(folder.path, 'state'),
      onStarted: (child) => undo.unshift(child.stop),
    });
    signal.throwIfAborted();
    say('letting users in');
    const played = await Promise.race([play(request, shop, databases), shop.died]);
    return await write(request, played, collector);
  } finally {
    for (const step of undo)
      await step().catch((error: unknown) => say(`while stopping: ${String(error)}`));
    await folder.remove();
  }
}
