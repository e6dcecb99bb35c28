import type { Relation } from '../../core/ports/telemetry.ts';
import { compareTexts } from '../../core/compare-texts.ts';
import { entityOf } from '../../core/observation.ts';
import type { Dependency } from '../../core/schemas/digest.ts';
import { z } from '../../core/schemas/z.ts';
import { defineTool } from '../../core/tool.ts';
import { cutText, draftEvidence } from '../draft-evidence.ts';
import { graphData, tableData } from '../evidence-data.ts';

const maxRelations = 20_000;

function dependenciesOf(relations: readonly Relation[]): readonly Dependency[] {
  return (
    relations
      .filter(({ kind }) => kind === 'call')
      // It was written down that they call, not counted how often.
      .map(({ from, to }) => ({ from: entityOf(from), to: entityOf(to), calls: 0 }))
  );
}

/** Those that touch one of the entities of interest first, else by name: in which order they were written down says nothing. */
function nearFirst(all: readonly Dependency[], names: readonly string[]): readonly Dependency[] {
  const rank = ({ from, to }: Dependency): number =>
    Number(!names.includes(from.name)) + Number(!names.includes(to.name));
  return all.toSorted((one, other) => rank(one) - rank(other) || byEnds(one, other));
}

/** By the names of both ends, and then whatever else is said. */
function byEnds(one: Pick<Relation, 'from' | 'to'>, other: Pick<Relation, 'from' | 'to'>): number {
  return (
    compareTexts(one.from.name, other.from.name) ||
    compareTexts(one.to.name, other.to.name) ||
    compareTexts(JSON.stringify(one), JSON.stringify(other))
  );
}

/** Reads who calls, runs on or owns whom, where somebody wrote it down. */
export const readTopology = defineTool({
  name: 'read-topology',
  description:
    'Reads the topology that was written down: who calls whom, what runs on which node, who owns what. Tells the call graph where there are no traces. Names put what touches them first.',
  input: z.strictObject({ near: z.array(z.string().min(1).max(200)).max(60).optional() }),
  effect: 'read',
  needs: 'topology',
  timeoutMs: 30_000,
  run: async ({ near = [] }, { telemetry, window, signal }) => {
    const read = await telemetry.records('topology', { window, limit: maxRelations }, signal);
    const dependencies = nearFirst(dependenciesOf(read.rows), near);
    const others = read.rows.filter(({ kind }) => kind !== 'call').toSorted(byEnds);
    const shared = { kind: 'topology', read, window } as const;
    return {
      ok: true,
      digest: {
        dependencies,
        notes: [
          `${dependencies.length} calls and ${others.length} other relations in ${cutText(read.source, 100)}`,
        ],
        ...(read.truncated === null ? {} : { truncated: read.truncated }),
      },
      evidence: [
        draftEvidence({
          ...shared,
          key: 'written call graph',
          title: 'Who calls whom, as it was written down',
          view: 'graph',
          data: graphData(dependencies, () => null),
        }),
        draftEvidence({
          ...shared,
          key: 'relations',
          title: 'What runs on, or belongs to, what',
          view: 'table',
          data: tableData(
            ['kind', 'from', 'to', 'protocol'],
            others.map(({ kind, from, to, protocol }) => [kind, from.name, to.name, protocol]),
          ),
        }),
      ],
    };
  },
});
