import type { Alert } from './alert.ts';
import { severityOfWord } from './case.ts';
import type { Entity } from './primitives.ts';
import { z } from './z.ts';

/** A text that says something; anything else counts as absent, since senders differ in what they leave empty. */
const said = z.string().min(1).optional().catch(undefined);
const labels = z.record(z.string(), z.string()).catch({});

const documentationSchema = z
  .union([z.string(), z.looseObject({ content: said })])
  .optional()
  .catch(undefined);

/** What Cloud Monitoring posts to a webhook, version 1.2. Only what decides is required: which incident, and how it stands. */
export const gcpNotificationSchema = z
  .looseObject({
    version: z.string().max(20),
    incident: z.looseObject({
      incident_id: z.string().max(200).default(''),
      state: z.string().max(40),
      started_at: z.coerce.number().int().positive().max(1e11).optional().catch(undefined),
      severity: said,
      summary: said,
      url: said,
      policy_name: said,
      condition_name: said,
      observed_value: said,
      threshold_value: said,
      resource_name: said,
      resource_display_name: said,
      resource: z
        .looseObject({ type: z.string().catch(''), labels })
        .optional()
        .catch(undefined),
      metric: z
        .looseObject({ type: z.string().catch(''), displayName: said, labels })
        .optional()
        .catch(undefined),
      documentation: documentationSchema,
    }),
  })
  .meta({
    id: 'GcpNotification',
    description:
      'A notification of Google Cloud Monitoring, version 1.2; other members are ignored.',
  });
export type GcpNotification = z.infer<typeof gcpNotificationSchema>;

/** What a notification is for. The console sends a test in capitals, and an incident that closes needs nobody. */
export type NotificationKind = 'open' | 'closed' | 'test' | 'other';

export function notificationKind({ version, incident }: GcpNotification): NotificationKind {
  if (version === 'test') return 'test';
  if (incident.state === 'open' || incident.state === 'closed') return incident.state;
  return 'other';
}

/** Labels of a resource that name what hurts, the most telling first. */
const entityLabels: readonly (readonly [string, Entity['kind']])[] = [
  ['service_name', 'service'],
  ['container_name', 'service'],
  ['job', 'service'],
  ['job_name', 'service'],
  ['function_name', 'service'],
  ['module_id', 'service'],
  ['database_id', 'database'],
  ['pod_name', 'instance'],
  ['node_name', 'node'],
  ['instance_id', 'instance'],
];

function entityOf({ incident }: GcpNotification): Entity | null {
  const named = { ...incident.metric?.labels, ...incident.resource?.labels };
  for (const [label, kind] of entityLabels) {
    const name = named[label]?.trim() ?? '';
    if (name !== '') return { kind, name: name.slice(0, 200) };
  }
  return null;
}

function describe({ incident }: GcpNotification): string {
  const { summary, observed_value: observed, threshold_value: threshold, documentation } = incident;
  const content = typeof documentation === 'string' ? documentation : documentation?.content;
  const levels =
    observed === undefined
      ? undefined
      : `Observed ${observed}, threshold ${threshold ?? 'unknown'}.`;
  return [summary, levels, content].filter((text) => text !== undefined).join('\n\n');
}

/** Reads what a notification tells of as an alert. */
export function alertOfNotification(notification: GcpNotification): Alert {
  const { incident } = notification;
  const title = incident.condition_name ?? incident.policy_name ?? incident.summary;
  const entity = entityOf(notification);
  const description = describe(notification);
  const kept: Readonly<Record<string, string | undefined>> = {
    incident: incident.incident_id,
    policy: incident.policy_name,
    metric: incident.metric?.type,
    resource: incident.resource?.type,
    url: incident.url,
  };
  const filled = Object.entries(kept).flatMap(([key, value]) =>
    value === undefined || value === '' ? [] : [[key, value.slice(0, 1_000)] as const],
  );
  return {
    title: (title ?? 'An incident of Cloud Monitoring').slice(0, 300),
    severity: severityOfWord(incident.severity ?? '') ?? 'error',
    labels: Object.fromEntries(filled),
    ...(description === '' ? {} : { description: description.slice(0, 8_000) }),
    ...(entity === null ? {} : { entity }),
    ...(incident.metric?.displayName === undefined
      ? {}
      : { symptom: incident.metric.displayName.slice(0, 200) }),
    ...(incident.started_at === undefined
      ? {}
      : { startedAt: new Date(incident.started_at * 1_000).toISOString() }),
  };
}
