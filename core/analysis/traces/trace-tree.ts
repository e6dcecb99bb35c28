import { compareTexts } from '../../compare-texts.ts';
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
  children: Draft[];
  /** From where the walk came that found this node first. */
  walkedFrom: Draft | null;
  /** By how much its clock is put right; its children's as well. */
  shiftMs: number;
}

/** Most spans have no children, and share this. */
const nobody: Draft[] = [];

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
    const { startAt } = span;
    const endAt = startAt + Math.max(0, span.durationMs);
    const links = { parent: null, children: nobody, walkedFrom: null };
    drafts.set(span.spanId, { span, startAt, endAt, shiftMs: 0, ...links });
  }
  const nodes = [...drafts.values()];
  for (const node of nodes) {
    const { parentSpanId } = node.span;
    node.parent = parentSpanId === null ? null : (drafts.get(parentSpanId) ?? null);
  }
  cutCircles(nodes);
  for (const node of nodes) addToParent(node);
  const roots = nodes.filter(({ parent }) => parent === null);
  alignClocks(roots);
  return { roots, nodes };
}

function addToParent(node: Draft): void {
  const { parent } = node;
  if (parent === null) return;
  if (parent.children === nobody) parent.children = [node];
  else parent.children.push(node);
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
        compareTexts(one.spanId, other.spanId) ||
        compareTexts(one.service, other.service) ||
        compareTexts(one.name, other.name),
    );
}

/** Walks up from each node as far as nobody has walked before; a walk that meets itself has found a circle. */
function cutCircles(nodes: readonly Draft[]): void {
  for (const start of nodes) {
    let node: Draft | null = start;
    while (node !== null && node.walkedFrom === null) {
      node.walkedFrom = start;
      node = node.parent;
    }
    if (node !== null && node.walkedFrom === start) node.parent = null;
  }
}

/** Moves whole subtrees, parents first; without recursion, since a chain of spans may be as long as the trace. */
function alignClocks(roots: readonly Draft[]): void {
  const pending = [...roots];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    const inheritedMs = node.parent?.shiftMs ?? 0;
    node.startAt += inheritedMs;
    node.endAt += inheritedMs;
    const ownMs = skewOf(node);
    node.startAt += ownMs;
    node.endAt += ownMs;
    node.shiftMs = inheritedMs + ownMs;
    for (const child of node.children) pending.push(child);
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
