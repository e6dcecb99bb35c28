import type { Database } from './database.ts';
import { toInstant } from './json.ts';
import type { Deliveries } from './store.ts';

/** Makes the repository of what webhooks have brought. Of the notification itself only what is named here is kept. */
export function createDeliveries(database: Database): Deliveries {
  return {
    note: async ({ source, subject, state, outcome, investigationId, at }) => {
      await database
        .insertInto('deliveries')
        .values({
          ...{ source, subject, state, outcome },
          investigation_id: investigationId,
          at: toInstant(at),
        })
        .execute();
    },
    list: async (limit) => {
      const rows = await database
        .selectFrom('deliveries')
        .select(['source', 'subject', 'state', 'outcome', 'investigation_id', 'at'])
        .orderBy('ordinal', 'desc')
        .limit(limit)
        .execute();
      return rows.map(({ investigation_id: investigationId, ...rest }) => ({
        ...rest,
        investigationId,
      }));
    },
  };
}
