import type { SeenAlert } from '../../core/ports/telemetry.ts';
import { entityOf } from '../../core/observation.ts';
import type { Observation } from '../../core/schemas/digest.ts';
import { entityKindSchema } from '../../core/schemas/primitives.ts';
import type { Entity } from '../../core/schemas/primitives.ts';
import { z } from '../../core/schemas/z.ts';
import { defineTool } from '../../core/tool.ts';
import { cutText, draftEvidence } from '../draft-evidence.ts';
import { tableData } from '../evidence-data.ts';
import { clockTime, describeWindow } from '../split-context.ts';

const maxAlerts = 5_000;
const calmStates: ReadonlySet<string> = new Set([
  'ok',
  'resolved',
  'normal',
  'inactive',
  'no data',
]);
const leastScore = 3;

function ownerOf({ entity, entityKind }: SeenAlert): Entity | null {
  if (entity === null) return null;
  const kind = entityKindSchema.safeParse(entityKind);
  return entityOf({ kind: kind.success ? kind.data : 'service', name: entity });
}

/** One observation an entity: the more of its alerts went off, the further out it is. */
function observe(alerts: readonly SeenAlert[]): readonly Observation[] {
  const groups = new Map<string, { entity: Entity; alerts: SeenAlert[] }>();
  for (const alert of alerts) {
    const entity = ownerOf(alert);
    if (entity === null || calmStates.has(alert.state?.toLowerCase() ?? '')) continue;
    const key = JSON.stringify([entity.kind, entity.name]);
    const group = groups.get(key) ?? { entity, alerts: [] };
    group.alerts.push(alert);
    groups.set(key, group);
  }
  return [...groups.values()].map(({ entity, alerts: own }): Observation => {
    const names = [...new Set(own.map(({ name, metric }) => metric ?? name))];
    return {
      entity,
      aspect: 'alert',
      name: cutText(names.join(', '), 100),
      direction: 'up',
      before: 0,
      after: own.length,
      unit: '{alert}',
      score: Number((leastScore + Math.log2(own.length)).toFixed(2)),
      support: own.length,
    };
  });
}

/** Lists which other alerts and monitors went off, and whose they are. */
export const listAlerts = defineTool({
  name: 'list-alerts',
  description:
    'Lists other alerts and monitors of the time, with whom each is about and whether it went off; those with most of them first.',
  input: z.strictObject({}),
  effect: 'read',
  timeoutMs: 30_000,
  run: async (_input, { telemetry, window, signal }) => {
    const read = await telemetry.records('alerts', { window, limit: maxAlerts }, signal);
    const observations = observe(read.rows);
    const where = `${describeWindow(window)} UTC, in ${cutText(read.source, 100)}`;
    const shared = { kind: 'alerts', read, window, view: 'table' } as const;
    const columns = ['time', 'name', 'entity', 'metric', 'direction', 'state', 'message'];
    const cells = read.rows.map((one) => [
      clockTime(one.at),
      ...[one.name, one.entity, one.metric, one.direction, one.state, one.message],
    ]);
    return {
      ok: true,
      digest: {
        observations,
        notes: [`${read.rows.length} alerts, ${where}`],
        ...(read.truncated === null ? {} : { truncated: read.truncated }),
      },
      evidence: [
        draftEvidence({
          ...shared,
          key: 'alerts by entity',
          title: 'Whose alerts went off',
          data: tableData(
            ['entity kind', 'entity', 'alerts', 'before', 'count'],
            observations.map((one) => [
              ...[one.entity.kind, one.entity.name, one.name],
              ...[one.before, one.after],
            ]),
          ),
        }),
        draftEvidence({
          ...shared,
          key: 'alerts',
          title: 'Alerts and monitors in the window',
          data: tableData(columns, cells),
        }),
      ],
    };
  },
});
