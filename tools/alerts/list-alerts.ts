import { isWithin, leastHistory, placeIn } from '../../core/analysis/stretches.ts';
import type { Stretches } from '../../core/analysis/stretches.ts';
import type { SeenAlert } from '../../core/ports/telemetry.ts';
import { entityOf } from '../../core/observation.ts';
import type { Observation } from '../../core/schemas/digest.ts';
import { entityKindSchema } from '../../core/schemas/primitives.ts';
import type { Entity } from '../../core/schemas/primitives.ts';
import { z } from '../../core/schemas/z.ts';
import { defineTool } from '../../core/tool.ts';
import { cutText, draftEvidence } from '../draft-evidence.ts';
import { tableData } from '../evidence-data.ts';
import { observedData } from '../observed-data.ts';
import { clockTime, describeWindow, givenSplit, windowToRead } from '../split-context.ts';

const maxAlerts = 20_000;
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

const isOff = ({ state }: SeenAlert): boolean => !calmStates.has(state?.toLowerCase() ?? '');

/** What two alerts have in common that say the same of the same entity. */
const kindOf = ({ entity, entityKind, name, metric, direction }: SeenAlert): string =>
  JSON.stringify([entity, entityKind, name, metric, direction]);

/** Of the alerts of one entity so many count: dozens that go off every other day do not add up to one that never did. */
const mostTelling = 8;

/**
 * Makes what tells how much the alerts of one entity say together: the sum of the eight that say most, where an alert that went off in few of the earlier times says more than one
 * that always does. Source: inverse document frequency, log((N + 1) / (n + 1)) for an alert of n of N times, as notes on TVDiag use it over events; the eight are ours. Without
 * earlier times each says the same, and all count.
 */
function weigh(
  earlier: readonly SeenAlert[],
  times: Stretches,
): (alerts: readonly SeenAlert[]) => number {
  const timeOf = placeIn(times);
  const seen = new Map<string, Set<number>>();
  const all = new Set<number>();
  for (const alert of earlier.filter(isOff)) {
    const time = timeOf(alert.at);
    if (time === null) continue;
    all.add(time);
    seen.set(kindOf(alert), (seen.get(kindOf(alert)) ?? new Set()).add(time));
  }
  if (all.size < leastHistory) return (alerts) => alerts.length;
  const weightOf = (alert: SeenAlert): number =>
    Math.log((all.size + 1) / ((seen.get(kindOf(alert))?.size ?? 0) + 1));
  return (alerts) =>
    alerts
      .map(weightOf)
      .toSorted((one, other) => other - one)
      .slice(0, mostTelling)
      .reduce((sum, weight) => sum + weight, 0);
}

/** One observation an entity: the more its alerts say together, the further out it is. */
function observe(
  alerts: readonly SeenAlert[],
  saidBy: (alerts: readonly SeenAlert[]) => number,
): readonly Observation[] {
  const groups = new Map<string, { entity: Entity; alerts: SeenAlert[] }>();
  for (const alert of alerts) {
    const entity = ownerOf(alert);
    if (entity === null || !isOff(alert)) continue;
    const key = JSON.stringify([entity.kind, entity.name]);
    const group = groups.get(key) ?? { entity, alerts: [] };
    group.alerts.push(alert);
    groups.set(key, group);
  }
  return [...groups.values()].map(({ entity, alerts: own }): Observation => {
    const names = [...new Set(own.map(({ name, metric }) => metric ?? name))];
    const said = saidBy(own);
    return {
      entity,
      aspect: 'alert',
      name: cutText(names.join(', '), 100),
      direction: 'up',
      before: 0,
      after: own.length,
      unit: '{alert}',
      score: Number((leastScore * Math.min(1, said) + Math.log2(Math.max(1, said))).toFixed(2)),
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
  needs: 'alerts',
  timeoutMs: 30_000,
  run: async (_input, context) => {
    const { telemetry, window, signal } = context;
    const whole = { window: windowToRead(context), limit: maxAlerts };
    const read = await telemetry.records('alerts', whole, signal);
    const rows = read.rows.filter(({ at }) => isWithin(window, at) || at === window.endAt);
    const observations = observe(rows, weigh(read.rows, givenSplit(context)?.baseline ?? []));
    const where = `${describeWindow(window)} UTC, in ${cutText(read.source, 100)}`;
    const shared = { kind: 'alerts', read, window, view: 'table' } as const;
    const columns = ['time', 'name', 'entity', 'metric', 'direction', 'state', 'message'];
    const cells = rows.map((one) => [
      clockTime(one.at),
      ...[one.name, one.entity, one.metric, one.direction, one.state, one.message],
    ]);
    return {
      ok: true,
      digest: {
        observations,
        notes: [`${rows.length} alerts, ${where}`],
        ...(read.truncated === null ? {} : { truncated: read.truncated }),
      },
      evidence: [
        draftEvidence({
          ...shared,
          key: 'alerts by entity',
          title: 'Whose alerts went off',
          data: observedData(observations),
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
