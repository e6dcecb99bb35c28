import type { Span } from '../../ports/telemetry.ts';
import { criticalPath } from './critical-path.ts';
import { errorReasonOf, isErrorSpan } from './span-error.ts';
import { buildTrace } from './trace-tree.ts';
import type { SpanNode } from './trace-tree.ts';

/** One span of a waterfall; `depth` is 0 at a root, `criticalMs` how long it alone held up the trace. */
export interface WaterfallRow {
  readonly span: Span;
  readonly startAt: number;
  readonly durationMs: number;
  readonly depth: number;
  readonly criticalMs: number;
  readonly hasFailed: boolean;
  readonly reason: string | null;
}

/**
 * Lays a trace out for drawing: parents before their children, siblings by start, clocks in line; with what each span adds to the critical path of
 * the longest root.
 */
export function waterfallOf(spans: readonly Span[]): readonly WaterfallRow[] {
  const { roots } = buildTrace(spans);
  const lengthOf = ({ startAt, endAt }: SpanNode): number => endAt - startAt;
  const longest = roots.reduce<SpanNode | null>(
    (most, root) => (most === null || lengthOf(root) > lengthOf(most) ? root : most),
    null,
  );
  const critical = new Map<SpanNode, number>();
  for (const { node, startAt, endAt } of longest === null ? [] : criticalPath(longest)) {
    critical.set(node, (critical.get(node) ?? 0) + endAt - startAt);
  }
  const rows: WaterfallRow[] = [];
  const pending = [...roots].reverse().map((node) => ({ node, depth: 0 }));
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { node, depth } = next;
    rows.push({
      span: node.span,
      startAt: node.startAt,
      durationMs: lengthOf(node),
      depth,
      criticalMs: critical.get(node) ?? 0,
      hasFailed: isErrorSpan(node.span),
      reason: isErrorSpan(node.span) ? errorReasonOf(node.span) : null,
    });
    const children = [...node.children].sort((one, other) => other.startAt - one.startAt);
    for (const child of children) pending.push({ node: child, depth: depth + 1 });
  }
  return rows;
}
