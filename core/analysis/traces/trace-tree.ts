import type { Span } from '../../ports/telemetry.ts';

/**
 * A span in its trace. `startAt` and `endAt` are epoch milliseconds with clocks brought into line: a child in another service that does not fit
 * into its parent is moved to the middle of it.
 */
export interface SpanNode {
  readonly span: Span;
  readonly startAt: number;
  readonly endAt: number;
  readonly parent: SpanNode | null;
  readonly children: readonly SpanNode[];
}

interface Draft {
  readonly span: Span;
  startAt: number;
  endAt: number;
  parent: Draft | null;
  readonly children: Draft[];
}

/**
 * Builds the trees of one trace from its spans, in any order and however many are missing: a span whose parent is not there is a root. Of spans
 * with the same id the first in order of time counts; a circle of parents is cut at one place; a span whose start or duration is no instant of the calendar (NaN, for one) is
 * left out, a negative duration is 0. Returns the roots and every node, by start. O(n log n). Source: the clock skew adjustment is that of
 * Jaeger's query service.
 */
export function buildTrace(spans: readonly Span[]): {
  readonly roots: readonly SpanNode[];
  readonly nodes: readonly SpanNode[];
} {
  const drafts = new Map<string, Draft>();
  for (const span of inOrder(spans)) {
    if (drafts.has(span.spanId)) continue;
    const endAt = span.startAt + Math.max(0, span.durationMs);
    drafts.set(span.spanId, { span, startAt: span.startAt, endAt, parent: null, children: [] });
  }
  const nodes = [...drafts.values()];
  for (const node of nodes) {
    const { parentSpanId } = node.span;
    node.parent = parentSpanId === null ? null : (drafts.get(parentSpanId) ?? null);
  }
  cutCircles(nodes);
  for (const node of nodes) node.parent?.children.push(node);
  const roots = nodes.filter(({ parent }) => parent === null);
  alignClocks(roots);
  return { roots, nodes };
}

/** The last instant that a date can name, in epoch milliseconds; sums and differences of such instants are exact enough and never overflow. */
const lastInstant = 8.64e15;

const isUsable = ({ startAt, durationMs }: Span): boolean =>
  Math.abs(startAt) <= lastInstant && Math.abs(durationMs) <= lastInstant;

function inOrder(spans: readonly Span[]): readonly Span[] {
  return spans
    .filter(isUsable)
    .sort(
      (one, other) =>
        one.startAt - other.startAt ||
        other.durationMs - one.durationMs ||
        compareText(one.spanId, other.spanId) ||
        compareText(one.service, other.service) ||
        compareText(one.name, other.name),
    );
}

const compareText = (one: string, other: string): number =>
  one < other ? -1 : Number(one > other);

/** Walks up from each node as far as nobody has walked before; a walk that meets itself has found a circle. */
function cutCircles(nodes: readonly Draft[]): void {
  const walked = new Map<Draft, Draft>();
  for (const start of nodes) {
    let node: Draft | null = start;
    while (node !== null && !walked.has(node)) {
      walked.set(node, start);
      node = node.parent;
    }
    if (node !== null && walked.get(node) === start) node.parent = null;
  }
}

/** Moves whole subtrees, parents first; without recursion, since a chain of spans may be as long as the trace. */
function alignClocks(roots: readonly Draft[]): void {
  const pending: { readonly node: Draft; readonly shiftMs: number }[] = roots.map((node) => ({
    node,
    shiftMs: 0,
  }));
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { node } = next;
    node.startAt += next.shiftMs;
    node.endAt += next.shiftMs;
    const shiftMs = next.shiftMs + skewOf(node);
    const ownShiftMs = shiftMs - next.shiftMs;
    node.startAt += ownShiftMs;
    node.endAt += ownShiftMs;
    for (const child of node.children) pending.push({ node: child, shiftMs });
  }
}

function skewOf(node: Draft): number {
  const { parent } = node;
  if (parent === null || parent.span.service === node.span.service) return 0;
  const slackMs = parent.endAt - parent.startAt - (node.endAt - node.startAt);
  const isInside = node.startAt >= parent.startAt && node.endAt <= parent.endAt;
  // A child that outlasts its parent was left behind by a caller that gave up; its clock says nothing.
  return isInside || slackMs < 0 ? 0 : parent.startAt + slackMs / 2 - node.startAt;
}
