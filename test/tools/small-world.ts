import type { Change, LogRecord, Series, Span } from '../../core/ports/telemetry.ts';
import { createRandom, normal } from '../core/analysis/random.ts';
import type { Held } from './memory-telemetry.ts';

/** Where the recorded time begins, and when the fault does. */
export const startAt = 1_790_000_000_000;
export const onsetAt = startAt + 90_000;
const endAt = startAt + 150_000;
const perSecond = 8;
const intervalMs = 5_000;

/** What goes wrong from `onsetAt` on in a chain front → orders → stock, with a database behind stock and a courier outside. */
export type Trouble =
  | 'none'
  | 'orders-fail'
  | 'slow-database'
  | 'slow-courier'
  | 'impatient-orders'
  | 'busy-stock'
  | 'no-traffic';

interface World {
  readonly spans: Span[];
  readonly logs: LogRecord[];
  readonly metrics: readonly Series[];
}

type Recorded = Required<Omit<Held, 'alert' | 'baselines' | 'records' | 'logAttributes'>>;

const recorded = new Map<string, Recorded>();

/** Two and a half minutes of ordinary life at eight requests a second, with one trouble; made once a file of tests. */
export function smallWorld(trouble: Trouble, seed = 1): Recorded {
  const key = `${trouble} ${seed}`;
  const known = recorded.get(key) ?? makeWorld(trouble, seed);
  recorded.set(key, known);
  return known;
}

function makeWorld(trouble: Trouble, seed: number): Recorded {
  const random = createRandom(seed);
  const world: World = { spans: [], logs: [], metrics: metricsOf(trouble, random) };
  let count = 0;
  for (let at = startAt; at < endAt; at += (-1_000 / perSecond) * Math.log(1 - random())) {
    if (trouble === 'no-traffic' && at >= onsetAt) break;
    serve(world, { trouble, random, at, id: `${seed}-${count}` });
    count += 1;
  }
  return { window: { startAt, endAt }, ...world, changes: changesOf(trouble) };
}

interface Request {
  readonly trouble: Trouble;
  readonly random: () => number;
  readonly at: number;
  readonly id: string;
}

function serve(world: World, { trouble, random, at, id }: Request): void {
  const isBad = at >= onsetAt;
  const around = (ms: number): number => ms * Math.exp(0.25 * normal(random));
  const isReading = random() < 0.3;
  const isBusy = isBad && trouble === 'busy-stock';
  const databaseMs = around(isBad && trouble === 'slow-database' ? 600 : 4);
  const courierMs = isReading ? 0 : around(isBad && trouble === 'slow-courier' ? 700 : 60);
  const ownMs = around(3) + (isBusy ? 150 * random() : 0);
  const stockMs = ownMs + databaseMs + courierMs;
  const isImpatient = isBad && trouble === 'impatient-orders' && stockMs > 40;
  const fails = isBad && trouble === 'orders-fail' && !isReading && random() < 0.6;
  const stockFails = !fails && !isImpatient && random() < 0.005;
  const waitedMs = fails ? 0 : isImpatient ? 40 : stockMs + 2;
  const hasFailed = fails || isImpatient || stockFails;
  const route = isReading ? 'GET /orders/{id}' : 'POST /orders';
  const add = (
    parts: Partial<Span> & Pick<Span, 'spanId' | 'service' | 'name' | 'startAt'>,
  ): void => {
    const { startAt: begin, ...rest } = parts;
    world.spans.push({
      traceId: id,
      parentSpanId: null,
      instance: `${parts.service}-0`,
      kind: 'server',
      durationMs: 1,
      status: 'unset',
      attributes: {},
      ...rest,
      startAt: begin,
    });
  };
  const failure = (isFailed: boolean, reason: string): Partial<Span> =>
    isFailed ? { status: 'error', attributes: { 'error.type': reason } } : {};
  const ordersMs = waitedMs + around(3);
  add({
    spanId: `${id}.1`,
    service: 'front',
    name: route,
    startAt: at,
    durationMs: ordersMs + around(4),
    ...failure(hasFailed, 'upstream'),
  });
  add({
    spanId: `${id}.2`,
    parentSpanId: `${id}.1`,
    service: 'front',
    name: route,
    kind: 'client',
    startAt: at + 1,
    durationMs: ordersMs + 1,
    ...failure(hasFailed, 'upstream'),
  });
  add({
    spanId: `${id}.3`,
    parentSpanId: `${id}.2`,
    service: 'orders',
    name: route,
    startAt: at + 1.5,
    durationMs: ordersMs,
    ...failure(hasFailed, fails ? 'RangeError' : 'upstream'),
  });
  if (!fails) {
    add({
      spanId: `${id}.4`,
      parentSpanId: `${id}.3`,
      service: 'orders',
      name: 'reserve',
      kind: 'client',
      startAt: at + 2,
      durationMs: waitedMs,
      ...failure(isImpatient || stockFails, isImpatient ? 'timeout' : 'upstream'),
    });
    add({
      spanId: `${id}.5`,
      parentSpanId: `${id}.4`,
      service: 'stock',
      name: 'reserve',
      startAt: at + 3,
      durationMs: stockMs,
      ...failure(stockFails, 'conflict'),
    });
    add({
      spanId: `${id}.6`,
      parentSpanId: `${id}.5`,
      service: 'stock',
      name: 'SELECT items',
      kind: 'client',
      startAt: at + 4,
      durationMs: databaseMs,
      attributes: { 'db.system.name': 'postgresql', 'server.address': 'items-db' },
    });
    if (!isReading) {
      add({
        spanId: `${id}.7`,
        parentSpanId: `${id}.5`,
        service: 'stock',
        name: 'book',
        kind: 'client',
        startAt: at + 4 + databaseMs,
        durationMs: courierMs,
        attributes: { 'peer.service': 'courier' },
      });
    }
  }
  writeLogs(world, { at, id, route, hasFailed, fails, durationMs: ordersMs, random });
}

function writeLogs(
  world: World,
  request: {
    readonly at: number;
    readonly id: string;
    readonly route: string;
    readonly hasFailed: boolean;
    readonly fails: boolean;
    readonly durationMs: number;
    readonly random: () => number;
  },
): void {
  const { at, id, route, hasFailed, fails, durationMs, random } = request;
  const write = (service: string, severity: LogRecord['severity'], body: string): void => {
    world.logs.push({
      at: at + durationMs,
      body,
      service,
      instance: `${service}-0`,
      severity,
      traceId: id,
      spanId: null,
      row: world.logs.length,
    });
  };
  write('front', 'info', `${route} ${hasFailed ? 502 : 200} ${Math.round(durationMs)} ms`);
  if (fails)
    write('orders', 'error', `${route} failed: ${random().toFixed(3)} is not a whole number`);
  else if (hasFailed) write('orders', 'error', `${route} failed: stock did not answer`);
  if (random() < 0.02) write('stock', 'warn', `item ${Math.floor(random() * 1e6)} is running low`);
}

function metricsOf(trouble: Trouble, random: () => number): readonly Series[] {
  const atMs = Array.from({ length: 30 }, (_unused, index) => startAt + 1_000 + index * intervalMs);
  const gauge = (
    service: string,
    metric: string,
    unit: string,
    read: (isBad: boolean) => number,
  ): Series => ({
    metric,
    service,
    instance: `${service}-0`,
    peer: null,
    statistic: null,
    unit,
    kind: 'gauge',
    attributes: {},
    atMs,
    values: atMs.map((at) => read(at >= onsetAt + intervalMs)),
  });
  return ['front', 'orders', 'stock'].flatMap((service) => {
    const isBusy = service === 'stock' && trouble === 'busy-stock';
    return [
      gauge(service, 'process.cpu.utilization', '1', (isBad) =>
        isBusy && isBad ? 0.95 + 0.03 * normal(random) : 0.05 + 0.01 * normal(random),
      ),
      gauge(service, 'process.memory.usage', 'By', () => 9e7 * (1 + 0.03 * normal(random))),
    ];
  });
}

function changesOf(trouble: Trouble): readonly Change[] {
  const common = { author: 'someone', url: null, attributes: { team: 'storefront' } };
  const aside: Change = {
    ...common,
    id: 'cfg-1',
    kind: 'config',
    at: startAt + 30_000,
    service: 'stock',
    title: 'Larger pages',
    files: ['config/stock.yaml'],
    diff: '--- a/config/stock.yaml\n+++ b/config/stock.yaml\n-pageSize: 20\n+pageSize: 40',
  };
  const deploy: Change = {
    ...common,
    id: 'orders-r7',
    kind: 'deploy',
    at: onsetAt - 300,
    service: 'orders',
    revision: 'orders-r7',
    title: 'Count in whole units',
    files: ['orders/units.ts'],
    diff: '--- a/orders/units.ts\n+++ b/orders/units.ts\n-const a = 1;\n+const a = 2;',
  };
  return trouble === 'orders-fail' ? [aside, deploy] : [aside];
}
