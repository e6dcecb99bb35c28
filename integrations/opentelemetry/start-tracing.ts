import {
  DiagLogLevel,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  context,
  diag,
  trace,
} from '@opentelemetry/api';
import type { Context, Span } from '@opentelemetry/api';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { RandomIdGenerator } from '@opentelemetry/sdk-trace-base';
import type { IdGenerator, ReadableSpan, SpanProcessor } from '@opentelemetry/sdk-trace-base';
import { isAppError } from '../../core/errors.ts';
import type {
  EndedSpan,
  OpenSpan,
  PastSpan,
  SpanAttributes,
  SpanStart,
  Tracing,
} from '../../core/ports/tracing.ts';
import { formatTraceParent, parseTraceParent } from '../../core/tracing/trace-parent.ts';

export interface TracingOptions {
  /** Used unless OTEL_SERVICE_NAME says otherwise. */
  readonly serviceName: string;
  /** Sends spans where the standard variables say. */
  readonly isExported: boolean;
  readonly capturesContent: boolean;
  /** Hears what goes wrong, such as a collector that does not answer. */
  readonly warn: (message: string) => void;
  /** Told of each sampled span when it ends. */
  readonly onEnded?: (span: EndedSpan) => void;
}

export interface RunningTracing extends Tracing {
  /** Sends what has not been sent yet. */
  close(): Promise<void>;
}

const kinds = {
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  internal: SpanKind.INTERNAL,
} as const;

/**
 * Starts OpenTelemetry in this process; to be called once. What it sends, how, how much and under which name is told by OpenTelemetry's own variables,
 * which the SDK reads; it sends traces only, and instruments nothing by itself.
 */
export function startTracing(options: TracingOptions): RunningTracing {
  const ids = new ChosenIds();
  listen(options.warn);
  const sdk = new NodeSDK({
    idGenerator: ids,
    metricReaders: [],
    logRecordProcessors: [],
    ...(process.env['OTEL_SERVICE_NAME'] ? {} : { serviceName: options.serviceName }),
    ...(options.isExported ? {} : { spanProcessors: [unsent] }),
  });
  sdk.start();
  const tracer = trace.getTracer('holdfast');
  const end = (span: Span, endedAt?: number): void => {
    span.end(endedAt);
    if (span.isRecording() || !isReadable(span)) return;
    options.onEnded?.(endedSpan(span));
  };
  return {
    capturesContent: options.capturesContent,
    inSpan: async (start, work) => {
      const around = contextOf(start.parent);
      const span = tracer.startSpan(start.name, spanOptions(start), around);
      try {
        return await context.with(trace.setSpan(around, span), () => work(openSpan(span)));
      } catch (error) {
        fail(span, errorTypeOf(error));
        throw error;
      } finally {
        end(span);
      }
    },
    record: (past: PastSpan) => {
      ids.next = past.spanId;
      const started = { ...spanOptions(past), startTime: past.startedAt };
      const span = tracer.startSpan(past.name, started, contextOf(past.parent));
      if (past.errorType !== null) fail(span, past.errorType);
      end(span, past.endedAt);
    },
    current: () => {
      const now = trace.getSpanContext(context.active());
      if (now === undefined) return null;
      return formatTraceParent({ ...now, flags: now.traceFlags.toString(16).padStart(2, '0') });
    },
    close: () => sdk.shutdown(),
  };
}

/** The SDK says by itself when it fails, and goes on. */
function listen(warn: (message: string) => void): void {
  const ignore = (): void => undefined;
  diag.setLogger(
    { error: warn, warn, info: ignore, debug: ignore, verbose: ignore },
    { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
  );
}

/** Gives ids by chance, except where one was chosen for the next span. */
class ChosenIds implements IdGenerator {
  next: string | null = null;
  private readonly chance = new RandomIdGenerator();

  generateTraceId(): string {
    return this.chance.generateTraceId();
  }

  generateSpanId(): string {
    const chosen = this.next ?? this.chance.generateSpanId();
    this.next = null;
    return chosen;
  }
}

/** Spans are made only where there is a processor. */
const unsent: SpanProcessor = {
  onStart: () => undefined,
  onEnd: () => undefined,
  forceFlush: () => Promise.resolve(),
  shutdown: () => Promise.resolve(),
};

function spanOptions({ kind, attributes }: SpanStart) {
  return { kind: kinds[kind], attributes: attributesFor(attributes) };
}

/** A parent that is no `traceparent` counts as none. */
function contextOf(parent: string | null | undefined): Context {
  if (parent === undefined) return context.active();
  const parsed = parent === null ? null : parseTraceParent(parent);
  if (parsed === null) return ROOT_CONTEXT;
  const { traceId, spanId, flags } = parsed;
  const traceFlags = Number.parseInt(flags, 16);
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags, isRemote: true });
}

function openSpan(span: Span): OpenSpan {
  return {
    rename: (name) => void span.updateName(name),
    set: (attributes) => void span.setAttributes(attributesFor(attributes)),
    fail: (errorType) => fail(span, errorType),
  };
}

function attributesFor(attributes: SpanAttributes) {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [
      name,
      typeof value === 'object' ? [...value] : value,
    ]),
  );
}

function fail(span: Span, errorType: string): void {
  span.setStatus({ code: SpanStatusCode.ERROR });
  span.setAttribute('error.type', errorType);
}

/** Failures of Temporal carry our code as their type. */
function errorTypeOf(error: unknown): string {
  if (isAppError(error)) return error.code;
  if (!(error instanceof Error)) return 'unknown';
  return 'type' in error && typeof error.type === 'string' ? error.type : error.name;
}

/** Spans that are not sampled are not of this kind. */
function isReadable(span: Span): span is Span & ReadableSpan {
  return 'startTime' in span && 'endTime' in span;
}

function endedSpan(span: ReadableSpan): EndedSpan {
  const { traceId, spanId } = span.spanContext();
  return {
    traceId,
    spanId,
    parentSpanId: span.parentSpanContext?.spanId ?? null,
    name: span.name,
    startedAt: toMs(span.startTime),
    endedAt: toMs(span.endTime),
    attributes: span.attributes as SpanAttributes,
  };
}

function toMs([seconds, nanoseconds]: readonly [number, number]): number {
  return seconds * 1_000 + nanoseconds / 1e6;
}
