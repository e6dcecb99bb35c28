import { Graph, layout } from '@dagrejs/dagre';
import type { GraphView } from '../../../core/schemas/evidence-views.ts';
import type { Entity } from '../../../core/schemas/primitives.ts';

export const nodeSize = { width: 176, height: 58 } as const;

export interface Place {
  readonly id: string;
  readonly x: number;
  readonly y: number;
}

/** Names a node within its graph. */
export function nodeId({ kind, name }: Pick<Entity, 'kind' | 'name'>): string {
  return `${kind} ${name}`;
}

/** Places callers left of those they call. */
export function layOutGraph({ nodes, edges }: GraphView): readonly Place[] {
  const graph = new Graph();
  graph.setGraph({ rankdir: 'LR', nodesep: 28, ranksep: 72 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const node of nodes) graph.setNode(nodeId(node), { ...nodeSize });
  for (const { from, to } of edges) graph.setEdge(nodeId(from), nodeId(to));
  layout(graph);
  return nodes.map((node) => {
    const id = nodeId(node);
    const { x = 0, y = 0 } = graph.node(id) as { readonly x?: number; readonly y?: number };
    return { id, x: x - nodeSize.width / 2, y: y - nodeSize.height / 2 };
  });
}
