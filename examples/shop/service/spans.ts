import {
  SpanKind,
  SpanStatusCode,
  context,
  defaultTextMapGetter,
  defaultTextMapSetter,
  trace,
} from '@opentelemetry/api';
import type { Attributes, Context, Span, Tracer } from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';

const propagator = new W3CTraceContextPropagator();

/** Reads the caller's trace context from the request headers. */
export function extractParent(
  headers: Readonly<Record<string, string | string[] | undefined>>,
): Context {
  return propagator.extract(context.active(), headers, defaultTextMapGetter);
}

/** The headers that carry the active span to the next service. */
export function traceHeaders(): Record<string, string> {
  const carrier: Record<string, string> = {};
  propagator.inject(context.active(), carrier, defaultTextMapSetter);
  return carrier;
}

/** Marks a span as failed with the low-cardinality reason and a sentence. */
export function failSpan(span: Span, errorType: string, message: string): void {
  span.setAttribute('error.type', errorType);
  span.setStatus({ code: SpanStatusCode.ERROR, message });
}

/** Runs `work` inside a client span, which ends when it settles; the thrown error is left to `work` to describe. */
export async function withClientSpan<Result>(
  tracer: Tracer,
  name: string,
  attributes: Attributes,
  work: (span: Span) => Promise<Result>,
): Promise<Result> {
  const span = tracer.startSpan(name, { kind: SpanKind.CLIENT, attributes });
  try {
    return await context.with(trace.setSpan(context.active(), span), () => work(span));
  } finally {
    span.end();
  }
}
