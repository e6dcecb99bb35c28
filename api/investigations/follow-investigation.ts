import { progressEventSchema } from '../../core/schemas/progress.ts';
import { z } from '../../core/schemas/z.ts';
import { route } from '../route.ts';
import { investigationParams, requireInvestigation } from './investigation-id.ts';
import { streamEvents } from './stream-events.ts';

const defaultHeartbeatMs = 15_000;

const sequenceSchema = z
  .string()
  .regex(/^\d{1,9}$/, 'must be the id of an event: a whole number')
  .transform(Number)
  .optional();

/** Streams the progress of an investigation, from any event on. */
export const followInvestigation = route({
  method: 'get',
  path: '/api/v1/investigations/{id}/events',
  operationId: 'followInvestigation',
  tag: 'investigations',
  summary: 'Follow an investigation as server-sent events',
  description:
    'The id of an event is its sequence, counting up from 1 without gaps; its data is a ProgressEvent. The stream ends after `finished`. ' +
    'Called again with `Last-Event-ID` (or `after`) it goes on behind that event, also when the investigation has ended.',
  params: investigationParams,
  query: z.object({
    after: sequenceSchema.meta({ description: 'The last event already received.' }),
  }),
  headers: z.object({
    'last-event-id': sequenceSchema.meta({ description: 'The same, as browsers say it; it wins.' }),
  }),
  success: {
    status: 200,
    description: 'Events, until the investigation has finished.',
    alternatives: { 'text/event-stream': progressEventSchema },
  },
  otherwise: { 204: 'It has ended and nothing is left to send; browsers then stop asking.' },
  problems: ['not-found.investigation', 'invalid.request'],
  handle: async (deps, { params, query, headers, response }) => {
    const row = await requireInvestigation(deps.store, params.id);
    const after = headers['last-event-id'] ?? query.after ?? 0;
    const hasEnded = row.endedAt !== null;
    if (hasEnded && (await deps.store.events.since(row.id, after, 1)).length === 0) {
      // A browser comes again after the end of a stream, but not after this.
      response.status(204).end();
      return { kind: 'answered' };
    }
    await streamEvents(response, {
      store: deps.store,
      investigationId: row.id,
      after,
      hasEnded,
      heartbeatMs: deps.heartbeatMs ?? defaultHeartbeatMs,
      stopping: deps.stopping,
    });
    return { kind: 'answered' };
  },
});
