import { timingSafeEqual } from 'node:crypto';
import { AppError } from '../../core/errors.ts';
import {
  alertOfNotification,
  gcpNotificationSchema,
  notificationKind,
} from '../../core/schemas/gcp-notification.ts';
import type { GcpNotification } from '../../core/schemas/gcp-notification.ts';
import { z } from '../../core/schemas/z.ts';
import type { Delivery } from '../../store/store.ts';
import type { AppDependencies } from '../dependencies.ts';
import { route } from '../route.ts';

const receiptSchema = z
  .object({
    outcome: z.enum(['started', 'closed', 'test', 'ignored']),
    investigation: z.string().nullable(),
  })
  .meta({ id: 'WebhookReceipt', description: 'What was made of a notification.' });

/** Takes notifications of Google Cloud Monitoring. What is answered with 200 is stored: as an investigation that will begin, and as a delivery. */
export const receiveGcp = route({
  method: 'post',
  path: '/webhook/gcp',
  operationId: 'receiveGcpNotification',
  tag: 'webhooks',
  summary: 'Take a notification of Google Cloud Monitoring',
  description:
    'Version 1.2. An incident that opens starts an investigation, once, however often it is told; one that closes and the test of the console are recorded and start none.',
  query: z.object({
    auth_token: z.string().max(500).optional().meta({
      description:
        'The token of HOLDFAST_GCP_WEBHOOK_TOKEN; without that setting nothing is taken.',
    }),
  }),
  authorise: checkGcpToken,
  body: gcpNotificationSchema,
  success: { status: 200, description: 'Stored.', schema: receiptSchema },
  problems: ['invalid.request', 'unauthenticated.webhook', 'unavailable.database'],
  handle: async (deps, { body }) => {
    const kind = notificationKind(body);
    const isOpen = kind === 'open' && body.incident.incident_id !== '';
    const investigation = isOpen ? await investigate(deps, body) : null;
    const outcome = outcomeOf(kind, investigation);
    await deps.store.deliveries.note({
      source: 'gcp',
      subject: body.incident.incident_id,
      state: body.incident.state,
      investigationId: investigation,
      at: deps.now(),
      outcome,
    });
    deps.logger.info({ outcome, investigationId: investigation }, 'notification of Google Cloud');
    return { kind: 'json', body: { outcome, investigation } };
  },
});

/** Compared as hashes of one length, so that the time it takes tells nothing of the token. */
function checkGcpToken(
  { config, sha256Hex }: AppDependencies,
  query: Readonly<Record<string, unknown>>,
): void {
  const expected = config.gcpWebhookToken;
  const given = query['auth_token'];
  if (expected === undefined) {
    throw new AppError('unauthenticated.webhook', 'HOLDFAST_GCP_WEBHOOK_TOKEN is not set');
  }
  const hash = (text: string): Buffer => Buffer.from(sha256Hex(text), 'hex');
  if (typeof given !== 'string' || !timingSafeEqual(hash(given), hash(expected))) {
    throw new AppError('unauthenticated.webhook', 'auth_token is missing, or is not the token');
  }
}

function outcomeOf(
  kind: ReturnType<typeof notificationKind>,
  investigation: string | null,
): Delivery['outcome'] {
  if (investigation !== null) return 'started';
  return kind === 'closed' || kind === 'test' ? kind : 'ignored';
}

/** Stores what is to be investigated, once an incident, and starts it. Gives the id, which is that of the first time. */
async function investigate(deps: AppDependencies, notification: GcpNotification): Promise<string> {
  const alert = alertOfNotification(notification);
  const idempotencyKey = `gcp/${notification.incident.incident_id}`;
  const { row, created } = await deps.store.investigations.create({
    id: deps.newInvestigationId(),
    request: { alert },
    ...{ caseDir: null, caseName: null, alert, title: alert.title, trigger: 'webhook' },
    idempotencyKey,
    // The same incident, told again with other values, is the same.
    requestHash: deps.sha256Hex(idempotencyKey),
  });
  if (created) deps.metrics.countAccepted(row.trigger);
  // Not awaited: the answer does not depend on Temporal, and the outbox tries again.
  if (row.status === 'accepted') void deps.outbox.start(row);
  return row.id;
}
