import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import type { Attributes, Histogram, Meter } from '@opentelemetry/api';

/** The histograms requests write to; the observed gauges and counters need no caller. */
export interface Instruments {
  readonly serverDuration: Histogram;
  readonly clientDuration: Histogram;
  readonly databaseDuration: Histogram;
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
      result.observe(delayMean, Number.isFinite(delay.mean) ? delay.mean / 1e9 : 0);
      result.observe(delayP99, delay.percentile(99) / 1e9);
      delay.reset();
    },
    [cpu, memory, heap, utilization, delayMean, delayP99],
  );
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
  meter
    .createObservableUpDownCounter('http.server.active_requests', { unit: '{request}' })
    .addCallback((result) => result.observe(inFlightCount()));
  return {
    serverDuration: durationHistogram(meter, 'http.server.request.duration'),
    clientDuration: durationHistogram(meter, 'http.client.request.duration'),
    databaseDuration: durationHistogram(meter, 'db.client.operation.duration'),
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
