import type { Entity } from '../../schemas/primitives.ts';
import { peerOf } from './peer.ts';
import { httpStatusOf, isErrorSpan, isGivenUp } from './span-error.ts';
import { buildTrace } from './trace-tree.ts';
import type { SpanNode } from './trace-tree.ts';
import { unionLength } from './union-length.ts';
import type { Span } from '../../ports/telemetry.ts';

/**
 * One request as one service served it: the span by which it entered, all else it did itself, and not what it called. `selfMs` is the duration less
 * the time in which at least one outgoing call was under way. `origin` says where a failure arose: `own` in this service, `handed-up` in what it
 * called, `given-up` where it stopped waiting for `givenUp`, which was neither refused nor failed; null when the request went well. `steps` names what it
 * did on the way, own work and calls, in no order.
 */
export interface OperationFact {
  readonly traceId: string;
  readonly service: string;
  readonly operation: string;
  readonly startAt: number;
  readonly durationMs: number;
  readonly selfMs: number;
  readonly isRoot: boolean;
  readonly origin: 'own' | 'handed-up' | 'given-up' | null;
  readonly givenUp: CallFact | null;
  readonly steps: readonly string[];
}

/**
 * One outgoing call as its caller saw it. `calleeMs` is how long the callee says it took, null when it reports nothing; the difference to
 * `durationMs` is the gap that the network and waiting take.
 */
export interface CallFact {
  readonly service: string;
  readonly peer: Entity;
  readonly operation: string;
  readonly startAt: number;
  readonly durationMs: number;
  readonly calleeMs: number | null;
  readonly isError: boolean;
}

export interface TraceFacts {
  readonly operations: readonly OperationFact[];
  readonly calls: readonly CallFact[];
}

const isOutgoing = ({ span }: SpanNode): boolean =>
  span.kind === 'client' || span.kind === 'producer';
const lengthOf = ({ startAt, endAt }: SpanNode): number => endAt - startAt;

/** Tells whether a span was called by its parent, and is not a part of what its parent did itself. */
function isCalled(node: SpanNode): boolean {
  const { parent, span } = node;
  if (parent === null || isOutgoing(node)) return false;
  const isServing = span.kind === 'server' || span.kind === 'consumer';
  return parent.span.service !== span.service || (isOutgoing(parent) && isServing);
}

/** A span by which a request enters its service. A client span that nothing called (a timer's, for instance) is a call without an operation. */
const isEntry = (node: SpanNode): boolean =>
  isCalled(node) || (node.parent === null && !isOutgoing(node));

/** What a service did within one request: the nodes at which the request leaves it, and the names of all its steps. */
interface Extent {
  readonly leaving: readonly SpanNode[];
  readonly steps: readonly string[];
}

function extentOf(entry: SpanNode): Extent {
  const leaving: SpanNode[] = [];
  const steps: string[] = [];
  const pending = [...entry.children];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    steps.push(node.span.name);
    if (isOutgoing(node) || node.span.service !== entry.span.service) leaving.push(node);
    else for (const child of node.children) pending.push(child);
  }
  return { leaving, steps };
}

/** Reads one trace from its spans; see `factsOf`. Never throws. O(n log n). */
export function readTrace(spans: readonly Span[], services: ReadonlySet<string>): TraceFacts {
  return factsOf(buildTrace(spans).nodes, services);
}

/**
 * Tells every request that a service served in a trace and every call that one made. `services` are the names known to report for
 * themselves; a call to one of them whose own spans are missing still goes to that service. Never throws. O(n log n).
 */
export function factsOf(nodes: readonly SpanNode[], services: ReadonlySet<string>): TraceFacts {
  const operations: OperationFact[] = [];
  const calls: CallFact[] = [];
  for (const node of nodes) {
    const call = readCall(node, services);
    if (call !== null) calls.push(call);
    if (isEntry(node)) operations.push(readOperation(node, services));
  }
  return { operations, calls };
}

function readCall(node: SpanNode, services: ReadonlySet<string>): CallFact | null {
  const { span, startAt } = node;
  if (isOutgoing(node)) {
    const callee = node.children.find(isCalled);
    const peer: Entity | null =
      callee === undefined
        ? peerOf(span.attributes, services)
        : { kind: 'service', name: callee.span.service };
    if (peer === null) return null;
    return {
      service: span.service,
      peer,
      operation: span.name,
      startAt,
      durationMs: lengthOf(node),
      calleeMs: callee === undefined ? null : lengthOf(callee),
      isError: isErrorSpan(span),
    };
  }
  // Tracers without client spans link the callee's span straight to the caller's.
  const caller = node.parent;
  if (caller === null || isOutgoing(caller) || caller.span.service === span.service) return null;
  return {
    service: caller.span.service,
    peer: { kind: 'service', name: span.service },
    operation: span.name,
    startAt,
    durationMs: lengthOf(node),
    calleeMs: null,
    isError: isErrorSpan(span),
  };
}

function readOperation(entry: SpanNode, services: ReadonlySet<string>): OperationFact {
  const durationMs = lengthOf(entry);
  const { leaving, steps } = extentOf(entry);
  const { span } = entry;
  const source = isErrorSpan(span) ? originOf(entry) : null;
  return {
    traceId: span.traceId,
    service: span.service,
    operation: span.name,
    startAt: entry.startAt,
    durationMs,
    selfMs: Math.max(0, durationMs - unionLength(leaving, entry)),
    isRoot: entry.parent === null,
    origin: source?.origin ?? null,
    givenUp: source?.origin === 'given-up' ? readCall(source.node, services) : null,
    steps,
  };
}

/** Follows a failure down from the span that shows it to the one in which it arose, through this service and over the first step out of it. */
function originOf(entry: SpanNode): {
  readonly origin: 'own' | 'handed-up' | 'given-up';
  readonly node: SpanNode;
} {
  let node = entry;
  for (;;) {
    if (isOutgoing(node)) return { origin: originOfCall(node), node };
    if (node.span.service !== entry.span.service) return { origin: 'handed-up', node };
    // The failure that ended last is the one that was not made good.
    const failing = node.children
      .filter((child) => isErrorSpan(child.span))
      .reduce<SpanNode | null>(
        (last, child) => (last === null || child.endAt >= last.endAt ? child : last),
        null,
      );
    if (failing === null) return { origin: 'own', node };
    node = failing;
  }
}

/** An answer that the callee itself holds for good is the caller's own trouble; no answer from a callee that did not fail means nobody waited for it. */
function originOfCall(node: SpanNode): 'own' | 'handed-up' | 'given-up' {
  const callees = node.children.filter(isCalled);
  if (callees.length === 0) return isGivenUp(node.span) ? 'given-up' : 'handed-up';
  if (callees.some(({ span }) => isErrorSpan(span))) return 'handed-up';
  return Number.isNaN(httpStatusOf(node.span)) ? 'given-up' : 'own';
}
