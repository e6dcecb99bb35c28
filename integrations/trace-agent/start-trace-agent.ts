import { start } from '@google-cloud/trace-agent';
import { traceWriter } from '@google-cloud/trace-agent/build/src/trace-writer.js';
import type { RootSpan } from '@google-cloud/trace-agent/build/src/plugin-types.js';
import type { EndedSpan } from '../../core/ports/tracing.ts';

export interface TraceAgentOptions {
  readonly projectId: string;
  readonly serviceName: string;
  /** Of a server that stands in for Cloud Trace, and takes no credentials; null for Cloud Trace itself. */
  readonly url: string | null;
}

export interface TraceAgent {
  /** Takes over a span that has ended. */
  write(span: EndedSpan): void;
  /** Sends what has not been sent yet. */
  close(): void;
}

/** The agent would hook into each of these, and knows none in the version that is used here. */
const plugins = [
  ...['bluebird', 'connect', 'express', 'generic-pool', 'grpc', 'hapi', '@hapi/hapi', 'http'],
  ...['http2', 'koa', 'mongodb', 'mongodb-core', 'mongoose', 'mysql', 'mysql2', 'pg', 'redis'],
  ...['restify', 'https'],
];
const flushDelaySeconds = 5;
const cloudTrace = 'https://cloudtrace.googleapis.com';

/**
 * Starts Google's trace agent in this process; to be called once. Under ESM and Express 5 it sees nothing by itself, so each span is handed to it as a root
 * span with the ids that it has elsewhere; which ones are sampled was decided before.
 */
export function startTraceAgent({ projectId, serviceName, url }: TraceAgentOptions): TraceAgent {
  const agent = start({
    projectId,
    samplingRate: 0,
    stackTraceLimit: 0,
    flushDelaySeconds,
    // What belongs together is told by ids, not by the agent's own context.
    clsMechanism: 'none',
    serviceContext: { service: serviceName },
    disableUntracedModulesWarning: true,
    plugins: Object.fromEntries(plugins.map((name) => [name, ''])),
    ...(url === null ? {} : standIn(url)),
  });
  return {
    write: (span) =>
      agent.runInRootSpan(
        {
          name: span.name,
          traceContext: { traceId: span.traceId, spanId: decimal(span.parentSpanId), options: 1 },
        },
        (root) => {
          for (const [name, value] of Object.entries(span.attributes)) {
            root.addLabel(name, typeof value === 'object' ? value.join() : String(value));
          }
          takeOver(root, span);
          root.endSpan(new Date(span.endedAt));
        },
      ),
    // Private, and there is no other way; the request then keeps the process alive until it is answered.
    close: () => (traceWriter.get() as unknown as { flushBuffer(): void }).flushBuffer(),
  };
}

/** The agent draws an id and takes the present as the start; both are written to its data, which it has no other way to set. */
function takeOver(root: RootSpan, { spanId, startedAt }: EndedSpan): void {
  const { span } = root as RootSpan & { readonly span: { spanId: string; startTime: string } };
  span.spanId = decimal(spanId);
  span.startTime = new Date(startedAt).toISOString();
}

/** Cloud Trace v1 writes ids of spans as decimal numbers; 0 is none. */
function decimal(spanId: string | null): string {
  return spanId === null ? '0' : BigInt(`0x${spanId}`).toString();
}

/** The address of Cloud Trace is fixed in the agent; its requests can be changed by options that its types do not tell. */
function standIn(url: string) {
  const request = (options: { readonly uri: string }): unknown => ({
    ...options,
    uri: options.uri.replace(cloudTrace, url.replace(/\/$/, '')),
  });
  return {
    interceptors_: [{ request }],
    authClient: { getRequestHeaders: () => Promise.resolve({}) },
  };
}
