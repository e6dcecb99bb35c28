/** The parts of a W3C `traceparent`, version 00. */
export interface TraceParent {
  readonly traceId: string;
  readonly spanId: string;
  readonly flags: string;
}

const noId = /^0+$/;

/** Reads a `traceparent`; null when it is none, as W3C Trace Context defines it. */
export function parseTraceParent(text: string): TraceParent | null {
  const found = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/.exec(text);
  const [, traceId = '', spanId = '', flags = ''] = found ?? [];
  if (found === null || noId.test(traceId) || noId.test(spanId)) return null;
  return { traceId, spanId, flags };
}

export function formatTraceParent({ traceId, spanId, flags }: TraceParent): string {
  return `00-${traceId}-${spanId}-${flags}`;
}
