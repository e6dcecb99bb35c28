import '@xyflow/react/dist/style.css';
import { useComputedColorScheme } from '@mantine/core';
import { Background, Controls, Handle, MarkerType, Position, ReactFlow } from '@xyflow/react';
import type { Edge, Node, NodeProps } from '@xyflow/react';
import { useContext, useMemo } from 'react';
import type { GraphView as GraphData } from '../../../core/schemas/evidence-views.ts';
import { BlastContext } from '../report/blast-context.ts';
import type { Blast } from '../report/blast-context.ts';
import { formatNumber } from '../text/format.ts';
import { layOutGraph, nodeId, nodeSize } from './lay-out-graph.ts';
import classes from './graph-view.module.css';

type Reach = Blast['affected'][number]['role'] | 'none';
type ServiceNode = Node<
  { kind: string; name: string; score: number | null; reach: Reach },
  'service'
>;

const reachTexts: Readonly<Record<Reach, string>> = {
  cause: 'the cause',
  propagated: 'passed it on',
  symptom: 'suffers',
  none: '',
};
const nodeTypes = { service: ServiceBox };
const mostHeightPixels = 460;

/** Who calls whom, with the blast radius: the cause, those it reached, and the calls over which it spread. */
export function GraphView({ data }: { readonly data: GraphData }) {
  const blast = useContext(BlastContext);
  const scheme = useComputedColorScheme('light');
  const { nodes, edges, height } = useMemo(() => toFlow(data, blast), [data, blast]);
  return (
    <>
      <div className={classes['place']} style={{ height }}>
        <ReactFlow
          nodes={nodes}
          edges={edges}
          nodeTypes={nodeTypes}
          colorMode={scheme}
          fitView
          fitViewOptions={{ maxZoom: 1.1, padding: 0.08 }}
          minZoom={0.2}
          nodesDraggable={false}
          nodesConnectable={false}
          elementsSelectable={false}
          nodesFocusable={false}
          edgesFocusable={false}
          zoomOnScroll={false}
          preventScrolling={false}
          aria-label="Who calls whom"
        >
          <Background gap={20} />
          <Controls showInteractive={false} />
        </ReactFlow>
      </div>
      <CallList data={data} blast={blast} />
    </>
  );
}

function ServiceBox({ data }: NodeProps<ServiceNode>) {
  const { kind, name, score, reach } = data;
  const facts = [
    reachTexts[reach],
    kind === 'service' ? '' : kind,
    score === null ? '' : `score ${formatNumber(score)}`,
  ];
  return (
    <div className={classes['node']} data-reach={reach} style={nodeSize}>
      <Handle type="target" position={Position.Left} className={classes['handle']} />
      <b>{name}</b>
      <span>{facts.filter((fact) => fact !== '').join(', ')}</span>
      <Handle type="source" position={Position.Right} className={classes['handle']} />
    </div>
  );
}

/** The same in words, for those who do not see the drawing. */
function CallList({ data, blast }: { readonly data: GraphData; readonly blast: Blast }) {
  return (
    <details className={classes['words']}>
      <summary>In words</summary>
      <ul>
        {data.edges.map(({ from, to, calls }) => (
          <li key={`${nodeId(from)} ${nodeId(to)}`}>
            {from.name} calls {to.name}, {formatNumber(calls)} times
            {isSpread(blast, from.name, to.name) && '; the trouble came this way'}
          </li>
        ))}
      </ul>
      {data.omittedEdges > 0 && <p>{data.omittedEdges} more were left out.</p>}
    </details>
  );
}

/** Trouble spreads from the callee to its caller; the chain names the one who made worse first. */
function isSpread({ chain }: Blast, caller: string, callee: string): boolean {
  return chain.some(
    ({ from, to }) =>
      (from.name === callee && to.name === caller) || (from.name === caller && to.name === callee),
  );
}

function toFlow(data: GraphData, blast: Blast) {
  const places = new Map(layOutGraph(data).map((place) => [place.id, place]));
  const nodes = data.nodes.map((node): ServiceNode => {
    const { x = 0, y = 0 } = places.get(nodeId(node)) ?? {};
    const reach =
      blast.affected.find(({ entity }) => nodeId(entity) === nodeId(node))?.role ?? 'none';
    return { id: nodeId(node), type: 'service', position: { x, y }, data: { ...node, reach } };
  });
  const edges = data.edges.map(({ from, to, calls }): Edge => {
    const hasSpread = isSpread(blast, from.name, to.name);
    return {
      id: `${nodeId(from)} ${nodeId(to)}`,
      source: nodeId(from),
      target: nodeId(to),
      label: formatNumber(calls),
      markerEnd: { type: MarkerType.ArrowClosed },
      ...(hasSpread ? { className: classes['spread'] ?? '', animated: true } : {}),
    };
  });
  const lowest = Math.max(0, ...[...places.values()].map(({ y }) => y + nodeSize.height));
  return { nodes, edges, height: Math.min(mostHeightPixels, Math.max(180, lowest + 60)) };
}
