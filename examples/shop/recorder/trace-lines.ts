import type { Export } from './collector.ts';
import { plainAttributes, readOrigin, toEpochMs } from './otlp.ts';
import type { OtlpSpan, TraceExport } from './otlp.ts';

/** Half-open, epoch milliseconds. */
export interface Window {
  readonly startMs: number;
  readonly endMs: number;
}

/** One request as the gateway answered it. */
export interface UserRequest {
  readonly startMs: number;
  readonly durationMs: number;
  readonly route: string;
  readonly hasFailed: boolean;
}

const serverKind = 2;

function readTraces(exports: readonly Export[]): readonly TraceExport[] {
  return exports
    .filter(({ signal }) => signal === 'traces')
    .map(({ body }) => JSON.parse(body) as TraceExport);
}

const isWithin = (span: OtlpSpan, window: Window): boolean => {
  const startMs = toEpochMs(span.startTimeUnixNano);
  return startMs >= window.startMs && startMs < window.endMs;
};

/** The export requests as they came, one JSON line each, without the spans that began outside the window. */
export function toTraceLines(exports: readonly Export[], window: Window): readonly string[] {
  return readTraces(exports).flatMap((request) => {
    const resourceSpans = request.resourceSpans.map((resource) => ({
      ...resource,
      scopeSpans: resource.scopeSpans.map((scope) => ({
        ...scope,
        spans: scope.spans.filter((span) => isWithin(span, window)),
      })),
    }));
    const isEmpty = resourceSpans.every(({ scopeSpans }) =>
      scopeSpans.every(({ spans }) => spans.length === 0),
    );
    return isEmpty ? [] : [JSON.stringify({ ...request, resourceSpans })];
  });
}

/** The gateway's server spans that began in the window, in order of their start. */
export function readUserRequests(
  exports: readonly Export[],
  window: Window,
): readonly UserRequest[] {
  return readTraces(exports)
    .flatMap((request) => request.resourceSpans)
    .filter(({ resource }) => readOrigin(resource).service === 'gateway')
    .flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans))
    .filter((span) => span.kind === serverKind && isWithin(span, window))
    .map((span) => {
      const startMs = toEpochMs(span.startTimeUnixNano);
      const status = Number(plainAttributes(span.attributes)['http.response.status_code'] ?? 0);
      return {
        startMs,
        durationMs: toEpochMs(span.endTimeUnixNano) - startMs,
        route: span.name,
        hasFailed: status >= 500,
      };
    })
    .sort((one, other) => one.startMs - other.startMs);
}
