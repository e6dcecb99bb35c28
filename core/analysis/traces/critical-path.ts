import type { SpanNode } from './trace-tree.ts';

/** A stretch of the critical path, in epoch milliseconds: during it, this span and none of its children decided how long the trace took. */
export interface CriticalSegment {
  readonly node: SpanNode;
  readonly startAt: number;
  readonly endAt: number;
}

/**
 * Returns what decided how long a trace took, in ascending time: back from the end of the root, each time into the child that finished last before the point reached. The
 * segments do not overlap and cover the root exactly; what a child does outside its parent does not count. O(n log n). Source:
 * the critical path of a call tree as in "CRISP: Critical Path Analysis of Large-Scale Microservice Architectures" (USENIX ATC 2022).
 */
export function criticalPath(root: SpanNode): readonly CriticalSegment[] {
  const segments: CriticalSegment[] = [];
  const pending: CriticalSegment[] = [{ node: root, startAt: root.startAt, endAt: root.endAt }];
  for (let part = pending.pop(); part !== undefined; part = pending.pop()) {
    let reachedAt = part.endAt;
    const latestFirst = [...part.node.children].sort((one, other) => other.endAt - one.endAt);
    for (const child of latestFirst) {
      const startAt = Math.max(child.startAt, part.startAt);
      const endAt = Math.min(child.endAt, part.endAt);
      // A child that was still running when the next one on the path took over did not hold anything up.
      if (endAt > reachedAt || endAt <= startAt) continue;
      if (reachedAt > endAt) segments.push({ node: part.node, startAt: endAt, endAt: reachedAt });
      pending.push({ node: child, startAt, endAt });
      reachedAt = startAt;
    }
    if (reachedAt > part.startAt) {
      segments.push({ node: part.node, startAt: part.startAt, endAt: reachedAt });
    }
  }
  return segments.sort((one, other) => one.startAt - other.startAt);
}
