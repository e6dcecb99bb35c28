import type { Selectable } from 'kysely';
import type { ProgressEvent } from '../core/schemas/progress.ts';
import { appendEvents } from './append-events.ts';
import type { Database } from './database.ts';
import type { Listener } from './listener.ts';
import type { Events } from './store.ts';
import type { Tables } from './tables.ts';

/** Makes the repository of progress events. */
export function createEvents(database: Database, listener: Listener): Events {
  return {
    since: async (investigationId, sequence, limit) => {
      const rows = await database
        .selectFrom('progress_events')
        .selectAll()
        .where('investigation_id', '=', investigationId)
        .where('sequence', '>', sequence)
        .orderBy('sequence')
        .limit(limit)
        .execute();
      return rows.map(toEvent);
    },
    append: (investigationId, events, at) =>
      database
        .transaction()
        .execute((transaction) => appendEvents(transaction, investigationId, events, at)),
    subscribe: (investigationId, wake) => listener.subscribe(investigationId, wake),
  };
}

function toEvent(row: Selectable<Tables['progress_events']>): ProgressEvent {
  return {
    investigationId: row.investigation_id,
    sequence: row.sequence,
    at: new Date(row.at).toISOString(),
    type: row.type,
    phase: row.phase,
    stage: row.stage,
    role: row.role,
    oodaPhase: row.ooda_phase,
    round: row.round,
    stepKey: row.step_key,
    attempt: row.attempt,
    percent: row.percent,
    text: row.text,
    data: row.data,
  };
}
