import type { Span } from '../../ports/telemetry.ts';

const keyOf = ({ traceId }: Span, spanId: string | null): string => `${traceId} ${spanId ?? ''}`;

/**
 * Tells calls from work where a tracer recorded no kinds: a span whose one child is of another service is that call as its caller saw it (client), and a
 * span of another service than its parent's, or with none, is a request as it was served (server). Recorded kinds stay. O(n).
 */
export function inferKinds(spans: readonly Span[]): readonly Span[] {
  if (!spans.some(({ kind }) => kind === 'unset')) return spans;
  const byKey = new Map(spans.map((span) => [keyOf(span, span.spanId), span] as const));
  const children = new Map<string, Span[]>();
  for (const span of spans) {
    const key = keyOf(span, span.parentSpanId);
    const known = children.get(key);
    if (known === undefined) children.set(key, [span]);
    else known.push(span);
  }
  return spans.map((span) => {
    if (span.kind !== 'unset') return span;
    const parent =
      span.parentSpanId === null ? undefined : byKey.get(keyOf(span, span.parentSpanId));
    if (parent === undefined || parent.service !== span.service) return { ...span, kind: 'server' };
    const [child, ...others] = children.get(keyOf(span, span.spanId)) ?? [];
    const isCall = child !== undefined && others.length === 0 && child.service !== span.service;
    return isCall ? { ...span, kind: 'client' } : span;
  });
}
