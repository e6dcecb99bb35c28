import {
  PerformanceObserver,
  constants,
  monitorEventLoopDelay,
  performance,
} from 'node:perf_hooks';
import { getHeapStatistics } from 'node:v8';
import type { Attributes, Histogram, Meter } from '@opentelemetry/api';

/** The histograms requests write to; the observed gauges and counters need no caller. */
export interface Instruments {
  readonly serverDuration: Histogram;
  readonly clientDuration: Histogram;
  readonly databaseDuration: Histogram;
  /** How long a statement waits for a connection of the pool. */
  readonly connectionWait: Histogram;
  /** Counts one finished request as good or bad for the user who sent it. */
  readonly countRequest: (isGood: boolean) => void;
}

const durationBoundaries = [
  0.002, 0.005, 0.01, 0.02, 0.035, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.45, 0.65, 0.9, 1.3, 2, 3, 5,
];

function durationHistogram(meter: Meter, name: string): Histogram {
  return meter.createHistogram(name, {
    unit: 's',
    advice: { explicitBucketBoundaries: durationBoundaries },
  });
}

function observeProcess(meter: Meter): void {
  let usage = process.cpuUsage();
  let observedAtMs = performance.now();
  let loop = performance.eventLoopUtilization();
  const delay = monitorEventLoopDelay({ resolution: 10 });
  delay.enable();
  const cpu = meter.createObservableGauge('process.cpu.utilization', { unit: '1' });
  const memory = meter.createObservableGauge('process.memory.usage', { unit: 'By' });
  const heap = meter.createObservableGauge('v8js.memory.heap.used', { unit: 'By' });
  const heapLimit = meter.createObservableGauge('v8js.memory.heap.limit', { unit: 'By' });
  const uptime = meter.createObservableGauge('process.uptime', { unit: 's' });
  const utilization = meter.createObservableGauge('nodejs.eventloop.utilization', { unit: '1' });
  const delayMean = meter.createObservableGauge('nodejs.eventloop.delay.mean', { unit: 's' });
  const delayP99 = meter.createObservableGauge('nodejs.eventloop.delay.p99', { unit: 's' });

  meter.addBatchObservableCallback(
    (result) => {
      const nowMs = performance.now();
      const spent = process.cpuUsage(usage);
      const elapsedMicros = Math.max(1, (nowMs - observedAtMs) * 1_000);
      result.observe(cpu, (spent.user + spent.system) / elapsedMicros);
      usage = process.cpuUsage();
      observedAtMs = nowMs;
      const now = performance.eventLoopUtilization();
      result.observe(utilization, performance.eventLoopUtilization(now, loop).utilization);
      loop = now;
      const used = process.memoryUsage();
      result.observe(memory, used.rss);
      result.observe(heap, used.heapUsed);
      result.observe(heapLimit, getHeapStatistics().heap_size_limit);
      result.observe(uptime, process.uptime());
      result.observe(delayMean, Number.isFinite(delay.mean) ? delay.mean / 1e9 : 0);
      result.observe(delayP99, delay.percentile(99) / 1e9);
      delay.reset();
    },
    [cpu, memory, heap, heapLimit, uptime, utilization, delayMean, delayP99],
  );
}

const collectionKinds: Readonly<Record<number, string>> = {
  [constants.NODE_PERFORMANCE_GC_MAJOR]: 'major',
  [constants.NODE_PERFORMANCE_GC_MINOR]: 'minor',
  [constants.NODE_PERFORMANCE_GC_INCREMENTAL]: 'incremental',
  [constants.NODE_PERFORMANCE_GC_WEAKCB]: 'weakcb',
};

/** The type declarations of Node lack the detail of an entry. */
function kindOf(entry: object): number {
  const { detail } = entry as { readonly detail?: { readonly kind?: number } };
  return detail?.kind ?? 0;
}

/** Measures the pauses of the garbage collector. */
function observeCollections(meter: Meter): void {
  const pauses = durationHistogram(meter, 'v8js.gc.duration');
  const observer = new PerformanceObserver((entries) => {
    for (const entry of entries.getEntries()) {
      const type = collectionKinds[kindOf(entry)] ?? 'other';
      pauses.record(entry.duration / 1_000, { 'v8js.gc.type': type });
    }
  });
  observer.observe({ entryTypes: ['gc'] });
}

function observeOutcomes(meter: Meter): (isGood: boolean) => void {
  const totals = { good: 0, bad: 0 };
  meter.createObservableCounter('shop.requests', { unit: '{request}' }).addCallback((result) => {
    result.observe(totals.good, { outcome: 'good' });
    result.observe(totals.bad, { outcome: 'bad' });
  });
  return (isGood) => {
    if (isGood) totals.good += 1;
    else totals.bad += 1;
  };
}

/**
 * Creates the service's metrics. Names and units follow the OpenTelemetry semantic conventions; `shop.requests`
 * is our own running total, split by `outcome`. `process.cpu.utilization` is the share of one core since the last
 * reading, so a process with busy helper threads can exceed 1.
 */
export function createInstruments(meter: Meter, inFlightCount: () => number): Instruments {
  observeProcess(meter);
  observeCollections(meter);
  meter
    .createObservableUpDownCounter('http.server.active_requests', { unit: '{request}' })
    .addCallback((result) => result.observe(inFlightCount()));
  return {
    serverDuration: durationHistogram(meter, 'http.server.request.duration'),
    clientDuration: durationHistogram(meter, 'http.client.request.duration'),
    databaseDuration: durationHistogram(meter, 'db.client.operation.duration'),
    connectionWait: durationHistogram(meter, 'db.client.connection.wait_time'),
    countRequest: observeOutcomes(meter),
  };
}

/** Reports how a database pool is used, read at each export. */
export function observePool(
  meter: Meter,
  attributes: Attributes,
  read: () => {
    readonly idle: number;
    readonly used: number;
    readonly waiting: number;
    readonly max: number;
  },
): void {
  const count = meter.createObservableUpDownCounter('db.client.connection.count', {
    unit: '{connection}',
  });
  const pending = meter.createObservableUpDownCounter('db.client.connection.pending_requests', {
    unit: '{request}',
  });
  const max = meter.createObservableUpDownCounter('db.client.connection.max', {
    unit: '{connection}',
  });
  meter.addBatchObservableCallback(
    (result) => {
      const pool = read();
      result.observe(count, pool.idle, { ...attributes, 'db.client.connection.state': 'idle' });
      result.observe(count, pool.used, { ...attributes, 'db.client.connection.state': 'used' });
      result.observe(pending, pool.waiting, attributes);
      result.observe(max, pool.max, attributes);
    },
    [count, pending, max],
  );
}
