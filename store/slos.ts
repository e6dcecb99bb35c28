import { sql } from 'kysely';
import type { Selectable, Transaction } from 'kysely';
import type { Database } from './database.ts';
import { toInstant, toJson } from './json.ts';
import type { EpisodeRow, Slos } from './store.ts';
import type { Tables } from './tables.ts';

type Evaluation = Parameters<Slos['note']>[0];

/** Makes the repository of what the sweeps found: evaluations, and burn episodes from the first burning one to the first quiet one. */
export function createSlos(database: Database): Slos {
  return {
    note: (evaluation) =>
      database.transaction().execute(async (transaction) => {
        await insertEvaluation(transaction, evaluation);
        if (evaluation.state === 'burning') return openEpisode(transaction, evaluation);
        if (evaluation.state === 'quiet') return closeEpisode(transaction, evaluation);
        return { opened: false, episode: await openOne(transaction, evaluation.slo) };
      }),
    evaluations: (limit) =>
      database
        .selectFrom('slo_evaluations')
        .select(['slo', 'state', 'at', 'detail'])
        .orderBy('ordinal', 'desc')
        .limit(limit)
        .execute(),
  };
}

async function insertEvaluation(
  transaction: Transaction<Tables>,
  { slo, state, at, detail }: Evaluation,
): Promise<void> {
  await transaction
    .insertInto('slo_evaluations')
    .values({ slo, state, at: toInstant(at), detail: toJson(detail) })
    .execute();
}

/** The unique index on open episodes decides between those who come at once: one inserts, the others wait for it and find its row. */
async function openEpisode(
  transaction: Transaction<Tables>,
  { slo, at, investigationId }: Evaluation,
): Promise<{ readonly opened: boolean; readonly episode: EpisodeRow | null }> {
  const inserted = await transaction
    .insertInto('slo_episodes')
    .values((values) => ({
      slo,
      episode: values
        .selectFrom('slo_episodes')
        .where('slo', '=', slo)
        .select(sql<number>`coalesce(max(episode), 0) + 1`.as('next')),
      began_at: toInstant(at),
      investigation_id: investigationId,
    }))
    .onConflict((conflict) => conflict.doNothing())
    .returningAll()
    .executeTakeFirst();
  if (inserted !== undefined) return { opened: true, episode: toEpisode(inserted) };
  return { opened: false, episode: await openOne(transaction, slo) };
}

async function closeEpisode(
  transaction: Transaction<Tables>,
  { slo, at }: Evaluation,
): Promise<{ readonly opened: boolean; readonly episode: EpisodeRow | null }> {
  const closed = await transaction
    .updateTable('slo_episodes')
    .set({ ended_at: toInstant(at) })
    .where('slo', '=', slo)
    .where('ended_at', 'is', null)
    .where('began_at', '<=', sql<number>`${toInstant(at)}`)
    .returningAll()
    .executeTakeFirst();
  return { opened: false, episode: closed === undefined ? null : toEpisode(closed) };
}

async function openOne(transaction: Transaction<Tables>, slo: string): Promise<EpisodeRow | null> {
  const row = await transaction
    .selectFrom('slo_episodes')
    .selectAll()
    .where('slo', '=', slo)
    .where('ended_at', 'is', null)
    .executeTakeFirst();
  return row === undefined ? null : toEpisode(row);
}

function toEpisode(row: Selectable<Tables['slo_episodes']>): EpisodeRow {
  return {
    slo: row.slo,
    episode: row.episode,
    beganAt: row.began_at,
    endedAt: row.ended_at,
    investigationId: row.investigation_id,
  };
}
