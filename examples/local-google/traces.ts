import type { Span } from '../../core/ports/telemetry.ts';
import type { World } from './read-world.ts';
import { nanosOf, nanosOfRfc3339, rfc3339Of } from './time.ts';

/** A trace of the Cloud Trace API, version 1. */
export interface StoredTrace {
  readonly projectId: string;
  readonly traceId: string;
  readonly spans: readonly TraceSpan[];
  readonly startNanos: bigint;
  readonly endNanos: bigint;
}

interface TraceSpan {
  readonly spanId: string;
  readonly kind: 'SPAN_KIND_UNSPECIFIED' | 'RPC_SERVER' | 'RPC_CLIENT';
  readonly name: string;
  readonly startTime: string;
  readonly endTime: string;
  readonly parentSpanId?: string;
  readonly labels: Readonly<Record<string, string>>;
}

const kinds: Readonly<Record<string, TraceSpan['kind']>> = {
  server: 'RPC_SERVER',
  client: 'RPC_CLIENT',
};

/** Gives the traces of a case, oldest first. */
export function toTraces(world: World, projectId: string): readonly StoredTrace[] {
  const byTrace = new Map<string, Span[]>();
  for (const span of world.spans) {
    const spans = byTrace.get(span.traceId);
    if (spans === undefined) byTrace.set(span.traceId, [span]);
    else spans.push(span);
  }
  return [...byTrace].map(([traceId, spans]) => {
    const starts = spans.map(({ startAt }) => nanosOf(startAt));
    const ends = spans.map(endOf);
    return {
      projectId,
      traceId,
      spans: spans.map(toSpan),
      startNanos: starts.reduce((least, one) => (one < least ? one : least)),
      endNanos: ends.reduce((most, one) => (one > most ? one : most)),
    };
  });
}

/** Gives a trace as it is told when the clock of one service is off: starts and ends of its spans are moved. */
export function moveSpans(
  trace: StoredTrace,
  by: { readonly service: string; readonly startMs: number; readonly endMs: number },
): StoredTrace {
  const moved = (time: string, ms: number): string =>
    rfc3339Of((nanosOfRfc3339(time) ?? 0n) + BigInt(ms) * 1_000_000n);
  const spans = trace.spans.map((span) =>
    span.labels['service.name'] === by.service
      ? {
          ...span,
          startTime: moved(span.startTime, by.startMs),
          endTime: moved(span.endTime, by.endMs),
        }
      : span,
  );
  return { ...trace, spans };
}

function endOf({ startAt, durationMs }: Span): bigint {
  return nanosOf(startAt) + BigInt(Math.round(durationMs * 1_000_000));
}

function toSpan(span: Span): TraceSpan {
  return {
    spanId: spanNumber(span.spanId),
    kind: kinds[span.kind] ?? 'SPAN_KIND_UNSPECIFIED',
    name: span.name,
    startTime: rfc3339Of(nanosOf(span.startAt)),
    endTime: rfc3339Of(endOf(span)),
    ...(span.parentSpanId === null ? {} : { parentSpanId: spanNumber(span.parentSpanId) }),
    labels: {
      ...span.attributes,
      'service.name': span.service,
      ...(span.instance === null ? {} : { 'service.instance.id': span.instance }),
      // As OpenTelemetry tells a status to what has no field for it.
      ...(span.status === 'unset' ? {} : { 'otel.status_code': span.status.toUpperCase() }),
      ...(kinds[span.kind] === undefined && span.kind !== 'unset'
        ? { 'span.kind': span.kind }
        : {}),
    },
  };
}

/** Span ids of this API are numbers of 64 bits. */
function spanNumber(hex: string): string {
  if (!/^[0-9a-f]{1,16}$/i.test(hex)) throw new Error(`span id ${hex} is no number of 64 bits`);
  return String(BigInt(`0x${hex}`));
}
