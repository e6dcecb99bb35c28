import { conditionsOfObject } from '../../core/analysis/platform/condition.ts';
import type { StateObject } from '../../core/ports/telemetry.ts';
import { z } from '../../core/schemas/z.ts';
import { defineTool } from '../../core/tool.ts';
import { cutText, draftEvidence } from '../draft-evidence.ts';
import { tableData } from '../evidence-data.ts';
import { observeConditions } from '../observe-condition.ts';
import { observedData } from '../observed-data.ts';
import { readObjects } from '../read-objects.ts';

/** How many objects there are of each kind, the most numerous first. */
function countKinds(objects: readonly StateObject[]): string {
  const counts = new Map<string, number>();
  for (const { kind } of objects) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return [...counts]
    .sort(([one, most], [other, more]) => more - most || (one < other ? -1 : 1))
    .slice(0, 8)
    .map(([kind, count]) => `${count} ${cutText(kind, 40)}`)
    .join(', ');
}

/** Looks at the objects of the platform as they stood, and says what is wrong with them. */
export const inspectState = defineTool({
  name: 'inspect-state',
  description:
    'Looks at objects of the cluster or platform as they stood, and says what is wrong with them: containers that wait, were killed or restart, workloads at zero, nodes that are not ready. A name narrows it to objects whose name begins with it.',
  input: z.strictObject({ name: z.string().min(1).max(200).optional() }),
  effect: 'read',
  needs: 'state',
  timeoutMs: 30_000,
  run: async ({ name = '' }, context) => {
    const { window } = context;
    const { read, standing } = await readObjects(context);
    const objects = read.rows.filter((object) => object.name.startsWith(name));
    const observations = observeConditions(
      objects.flatMap((object) => conditionsOfObject(object, standing)),
      context,
    );
    const found = objects.length === 0 ? 'no objects' : countKinds(objects);
    const shared = { kind: 'state', read, window, view: 'table' } as const;
    return {
      ok: true,
      digest: {
        observations,
        notes: [`${found}, in ${cutText(read.source, 100)}`],
        ...(read.truncated === null ? {} : { truncated: read.truncated }),
      },
      evidence: [
        draftEvidence({
          ...shared,
          key: `troubles by state ${name}`.trim(),
          title: 'What is wrong with the objects as they stood',
          data: observedData(observations),
        }),
        draftEvidence({
          ...shared,
          key: `state ${name}`.trim(),
          title: 'Objects as they stood',
          data: tableData(
            ['kind', 'name', 'namespace', 'object'],
            objects.map((one) => [one.kind, one.name, one.namespace, JSON.stringify(one.body)]),
          ),
        }),
      ],
    };
  },
});
