import { conditionOfEvent } from '../../core/analysis/platform/condition.ts';
import { z } from '../../core/schemas/z.ts';
import { defineTool } from '../../core/tool.ts';
import { cutText, draftEvidence } from '../draft-evidence.ts';
import { tableData } from '../evidence-data.ts';
import { observeConditions } from '../observe-condition.ts';
import { observedData } from '../observed-data.ts';
import { readObjects } from '../read-objects.ts';
import { clockTime, describeWindow } from '../split-context.ts';

const maxEvents = 5_000;

/** Lists what the platform says happened, and reads the known troubles out of it. */
export const listEvents = defineTool({
  name: 'list-events',
  description:
    'Lists events of the cluster or platform in the window, and what they say is wrong: image pull, memory, probes, scheduling, volumes, nodes, crashes; often first. What an object has got over by now counts little.',
  input: z.strictObject({}),
  effect: 'read',
  needs: 'events',
  timeoutMs: 30_000,
  run: async (_input, context) => {
    const { telemetry, window, signal } = context;
    const read = await telemetry.records('events', { window, limit: maxEvents }, signal);
    const { standing } = await readObjects(context);
    const observations = observeConditions(
      read.rows.flatMap((event) => conditionOfEvent(event, standing) ?? []),
      context,
    );
    const where = `${describeWindow(window)} UTC, in ${cutText(read.source, 100)}`;
    const shared = { kind: 'state', read, window, view: 'table' } as const;
    const columns = ['time', 'type', 'reason', 'kind', 'name', 'namespace', 'count', 'message'];
    const cells = read.rows.map((event) => [
      clockTime(event.at),
      ...[event.type, event.reason, event.kind, event.name, event.namespace],
      ...[event.count, event.message],
    ]);
    return {
      ok: true,
      digest: {
        observations,
        notes: [`${read.rows.length} events, ${where}`],
        ...(read.truncated === null ? {} : { truncated: read.truncated }),
      },
      evidence: [
        draftEvidence({
          ...shared,
          key: 'troubles by events',
          title: 'What the events say is wrong',
          data: observedData(observations),
        }),
        draftEvidence({
          ...shared,
          key: 'events',
          title: 'Events in the window',
          data: tableData(columns, cells),
        }),
      ],
    };
  },
});
