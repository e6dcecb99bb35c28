import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { causeFault, prepareFault, tell } from '../recorder/cause-fault.ts';
import { startLoad } from '../recorder/load.ts';
import type { Plan } from '../recorder/plan.ts';
import { createRandom } from '../recorder/random.ts';
import { messageOf } from '../recorder/record-scenario.ts';
import { startShopDatabases } from '../recorder/shop-databases.ts';
import type { ShopDatabases } from '../recorder/shop-databases.ts';
import { startShop } from '../recorder/start-shop.ts';
import type { Shop } from '../recorder/start-shop.ts';
import { makeTemporaryFolder } from '../recorder/temporary-folder.ts';
import { answerOf } from '../recorder/truth.ts';
import type { Answer } from '../recorder/truth.ts';
import type { ServiceName } from '../service/options.ts';
import { reportChange } from './report-change.ts';
import { alertShare, createUserWatch } from './user-watch.ts';

/** What a live shop tells of itself while it runs. */
export type LiveEvent =
  | { readonly event: 'open'; readonly gatewayUrl: string; readonly onsetSeconds: number }
  | { readonly event: 'fault'; readonly at: string; readonly answer: Answer | null }
  /** Every five seconds from the fault on: the share of users' requests that failed or were slow, and the threshold. */
  | { readonly event: 'reading'; readonly share: number; readonly threshold: number }
  /** Once, when the share first reaches the threshold. */
  | {
      readonly event: 'alert';
      readonly title: string;
      readonly description: string;
      readonly startedAt: string;
    };

export interface LiveRequest {
  readonly plan: Plan;
  readonly seed: number;
  readonly otlpUrl: string;
  readonly ports: Readonly<Partial<Record<ServiceName, number>>>;
  /** Ends the run. */
  readonly signal: AbortSignal;
  readonly say: (event: LiveEvent) => void;
}

const readingMs = 5_000;

/** Lets users into a running shop, causes the fault of the plan, and goes on until the signal, telling what users feel. */
async function play(request: LiveRequest, shop: Shop, databases: ShopDatabases): Promise<never> {
  const { plan, signal, otlpUrl, say } = request;
  await prepareFault(plan, shop);
  const watch = createUserWatch();
  const random = createRandom(request.seed, 'load');
  const load = startLoad(shop.gatewayUrl, plan.load, random, watch.note);
  const startMs = Date.now();
  const until = (offsetMs: number): Promise<void> =>
    wait(Math.max(0, startMs + offsetMs - Date.now()), undefined, { signal });
  say({
    event: 'open',
    gatewayUrl: shop.gatewayUrl,
    onsetSeconds: Math.round(plan.onsetMs / 1_000),
  });
  await until(plan.aside.atMs);
  await reportChange(otlpUrl, plan.aside.change, Date.now());
  const { service } = plan.aside.change;
  await tell(shop.services[service], { kind: 'configure', changes: plan.aside.settings });
  if (plan.decoy !== null) {
    await until(plan.decoy.atMs);
    await reportChange(otlpUrl, plan.decoy.change, Date.now());
    await tell(shop.services[plan.decoy.change.service], messageOf(plan.decoy));
  }
  await until(plan.onsetMs);
  watch.learn();
  const atMs = Date.now();
  const change = await causeFault(plan, { shop, databases, load });
  if (change !== null) await reportChange(otlpUrl, change, atMs);
  const answer = plan.fault === null ? null : answerOf(plan.fault);
  say({ event: 'fault', at: new Date(atMs).toISOString(), answer });
  let hasAlerted = false;
  for (;;) {
    await wait(readingMs, undefined, { signal });
    const share = watch.share(Date.now());
    say({ event: 'reading', share, threshold: alertShare });
    if (hasAlerted || share < alertShare) continue;
    hasAlerted = true;
    say(alertOf(share));
  }
}

function alertOf(share: number): LiveEvent {
  return {
    event: 'alert',
    title: 'Gateway: more failed or slow requests than usual',
    description: `Of the requests that users of the gateway sent in the last 20 s, ${(share * 100).toFixed(0)} % failed or took longer than usual.`,
    startedAt: new Date().toISOString(),
  };
}

/** Runs a shop of its own against somebody's collector until the signal; everything started is stopped and removed again. */
export async function runLive(request: LiveRequest): Promise<void> {
  const { signal } = request;
  const folder = await makeTemporaryFolder();
  const undo: (() => Promise<void>)[] = [];
  try {
    const databases = await startShopDatabases(folder.databaseDir);
    undo.unshift(databases.stop);
    const shop = await startShop({
      plan: request.plan,
      collectorUrl: request.otlpUrl,
      databases,
      stateDir: path.join(folder.path, 'state'),
      ports: request.ports,
      onStarted: (child) => undo.unshift(child.stop),
    });
    signal.throwIfAborted();
    await Promise.race([play(request, shop, databases), shop.died]);
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    for (const step of undo) await step().catch(() => undefined);
    await folder.remove();
  }
}
