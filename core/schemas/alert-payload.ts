import type { Alert } from './alert.ts';
import { severityOfWord } from './case.ts';
import type { Entity } from './primitives.ts';
import { z } from './z.ts';

const texts = z.record(z.string(), z.string()).default({});

const groupedAlertsSchema = z.object({
  alerts: z
    .array(
      z.object({
        status: z.string().optional(),
        labels: texts,
        annotations: texts,
        startsAt: z.string().optional(),
      }),
    )
    .min(1)
    .max(10_000),
  commonLabels: texts,
  commonAnnotations: texts,
  title: z.string().optional(),
});
type GroupedAlerts = z.infer<typeof groupedAlertsSchema>;

/** The webhook payloads that can be read, as people call them. */
export const supportedAlertPayloads = ['Alertmanager (webhook version 4)', 'Grafana'] as const;

/** Labels that say who hurts, most telling first. */
const entityLabels: readonly (readonly [string, Entity['kind']])[] = [
  ['service', 'service'],
  ['service_name', 'service'],
  ['app', 'service'],
  ['deployment', 'service'],
  ['pod', 'instance'],
  ['node', 'node'],
  ['namespace', 'namespace'],
  ['job', 'service'],
];

function entityOf(labels: Readonly<Record<string, string>>): Entity | null {
  for (const [label, kind] of entityLabels) {
    const name = labels[label]?.trim() ?? '';
    if (name !== '') return { kind, name: name.slice(0, 200) };
  }
  return null;
}

/** The first time that an alert of the group began; ended ones count only where none goes on. */
function startOf({ alerts }: GroupedAlerts): string | null {
  const firing = alerts.filter(({ status }) => status !== 'resolved');
  const starts = (firing.length > 0 ? firing : alerts)
    .map(({ startsAt = '' }) => Date.parse(startsAt))
    .filter((at) => at > 0);
  return starts.length === 0 ? null : new Date(Math.min(...starts)).toISOString();
}

function cutLabels(labels: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(labels).map(([name, value]) => [name.slice(0, 200), value.slice(0, 1_000)]),
  );
}

function toAlert(payload: GroupedAlerts): Alert {
  const [first] = payload.alerts;
  const labels = { ...first?.labels, ...payload.commonLabels };
  const annotations = { ...first?.annotations, ...payload.commonAnnotations };
  const { summary, description } = annotations;
  const title = summary ?? payload.title ?? labels['alertname'] ?? 'An alert without a name';
  const entity = entityOf(labels);
  const startedAt = startOf(payload);
  return {
    title: title.slice(0, 300) || 'An alert without a name',
    severity: severityOfWord(labels['severity'] ?? '') ?? 'error',
    labels: cutLabels(labels),
    ...(description !== undefined && { description: description.slice(0, 8_000) }),
    ...(entity !== null && { entity }),
    ...(startedAt !== null && { startedAt }),
  };
}

/**
 * Reads the body of a webhook as the alert that it tells of; null for a body of no supported kind. A group of alerts is told as one, from what they have in
 * common, or else from the first of them.
 */
export function readAlertPayload(body: unknown): Alert | null {
  const parsed = groupedAlertsSchema.safeParse(body);
  return parsed.success ? toAlert(parsed.data) : null;
}
