import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads';
import type { Series, Span } from '../../core/ports/telemetry.ts';
import { callGraph } from '../../core/analysis/traces/call-graph.ts';
import { criticalPath } from '../../core/analysis/traces/critical-path.ts';
import type { CallFact } from '../../core/analysis/traces/trace-facts.ts';
import { factsOf } from '../../core/analysis/traces/trace-facts.ts';
import { buildTrace } from '../../core/analysis/traces/trace-tree.ts';
import { contextOf } from '../../test/tools/memory-telemetry.ts';
import { compareMetrics } from '../../tools/compare-metrics.ts';
import { everyMs, makeSeries, pointCount } from './make-series.ts';
import { makeSpans } from './make-spans.ts';
import { timed } from './timed.ts';

/** What one thing took in a process of its own, next to one plain pass over the same numbers. */
export interface ScaleFigures {
  readonly seconds: number;
  /** Of the processor, all threads together: what else the machine does counts little. */
  readonly cpuSeconds: number;
  readonly plainCpuSeconds: number;
  /** What it takes to hand the telemetry over to another thread, which has to come first if that one is to look at it. */
  readonly handOverCpuSeconds: number;
  /** What was there before, and the most that there was meanwhile. */
  readonly heldBytes: number;
  readonly peakBytes: number;
  /** What came out, in words. */
  readonly found: string;
}

type Figures = Omit<ScaleFigures, 'handOverCpuSeconds' | 'heldBytes' | 'peakBytes'>;

const handedAtOnce = 1_000;

/** Everything that the metrics tools do with series once they are read: names, meaning, rates, baselines, comparison, onset. */
async function compareSeries(series: readonly Series[]): Promise<number> {
  const window = { startAt: 0, endAt: pointCount * everyMs };
  const suspectedAt = window.endAt - 60 * everyMs;
  const context = contextOf({ window }, { earliestAt: suspectedAt, latestAt: suspectedAt });
  const metrics = async () => ({ rows: series, query: '', source: 'memory', truncated: null });
  const telemetry = { ...context.telemetry, metrics };
  const { shifts } = await compareMetrics({ ...context, telemetry }, null);
  return shifts.filter(({ onset }) => onset !== null).length;
}

function sumUp(series: readonly Series[]): number {
  let sum = 0;
  for (const { values } of series) {
    for (const value of values) sum += value;
  }
  return sum;
}

/** Trees, requests and calls, critical paths, and who calls whom. */
function readSpans(spans: readonly Span[]): string {
  const byTrace = groupByTrace(spans);
  const services = new Set(spans.map(({ service }) => service));
  const calls: CallFact[] = [];
  let segments = 0;
  for (const trace of byTrace.values()) {
    const { nodes, roots } = buildTrace(trace);
    for (const call of factsOf(nodes, services).calls) calls.push(call);
    for (const root of roots) segments += criticalPath(root).length;
  }
  const edges = callGraph(calls).length;
  return `${byTrace.size} traces, ${segments} segments of critical paths, ${edges} edges`;
}

function groupByTrace(spans: readonly Span[]): ReadonlyMap<string, readonly Span[]> {
  const byTrace = new Map<string, Span[]>();
  for (const span of spans) {
    const known = byTrace.get(span.traceId);
    if (known === undefined) byTrace.set(span.traceId, [span]);
    else known.push(span);
  }
  return byTrace;
}

/** Finds each span's parent, and no more. */
function linkParents(spans: readonly Span[]): number {
  let linked = 0;
  for (const trace of groupByTrace(spans).values()) {
    const known = new Map(trace.map((span) => [span.spanId, span] as const));
    for (const { parentSpanId } of trace) {
      if (parentSpanId !== null && known.has(parentSpanId)) linked += 1;
    }
  }
  return linked;
}

/** Telemetry, and what is measured of it. */
interface Subject {
  readonly telemetry: readonly object[];
  readonly measure: () => Promise<Figures>;
}

/** Makes as many of a kind as asked. */
const kinds: Readonly<Record<string, (count: number) => Subject>> = {
  series: (count) => {
    const telemetry = makeSeries(count);
    const measure = async (): Promise<Figures> => {
      const { result, ...whole } = await timed(() => compareSeries(telemetry));
      const plain = await timed(() => sumUp(telemetry));
      const found = `${result} dated shifts`;
      return { ...whole, plainCpuSeconds: plain.cpuSeconds, found };
    };
    return { telemetry, measure };
  },
  spans: (count) => {
    const telemetry = makeSpans(count);
    const measure = async (): Promise<Figures> => {
      const { result, ...whole } = await timed(() => readSpans(telemetry));
      const plain = await timed(() => linkParents(telemetry));
      return { ...whole, plainCpuSeconds: plain.cpuSeconds, found: result };
    };
    return { telemetry, measure };
  },
};

/** Hands values over as they go to another thread, some at a time, and takes them there. */
function handOver(values: readonly object[]): void {
  const { port1, port2 } = new MessageChannel();
  for (let from = 0; from < values.length; from += handedAtOnce) {
    port1.postMessage(values.slice(from, from + handedAtOnce));
    receiveMessageOnPort(port2);
  }
  port1.close();
}

async function main([kind = '', count = '0']: readonly string[]): Promise<void> {
  const subject = kinds[kind]?.(Number(count));
  if (subject === undefined) throw new Error(`nothing of the kind "${kind}" can be measured`);
  // What was left over by making the telemetry is not to be cleared away while the clock runs.
  globalThis.gc?.();
  const heldBytes = process.memoryUsage.rss();
  const figures = await subject.measure();
  const peakBytes = process.resourceUsage().maxRSS * 1_024;
  const handed = await timed(() => handOver(subject.telemetry));
  const handOverCpuSeconds = handed.cpuSeconds;
  process.send?.({ ...figures, handOverCpuSeconds, heldBytes, peakBytes } satisfies ScaleFigures);
}

await main(process.argv.slice(2));
