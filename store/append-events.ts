import { sql } from 'kysely';
import type { Transaction } from 'kysely';
import { AppError } from '../core/errors.ts';
import type { ProgressDraft } from '../core/schemas/progress.ts';
import { toInstant, toJson } from './json.ts';
import type { Tables } from './tables.ts';

/** The channel of `LISTEN`; a notification carries the id of an investigation that has new events. */
export const eventsChannel = 'holdfast_events';

/**
 * Writes events as the last thing of a transaction. Their sequence is given out under the lock of the investigation's row, which is held until the
 * commit: so it has no gaps, and whoever sees an event has seen all before it. A step key has one event of a type and attempt, and one `ended` over all
 * attempts; what would stand twice is left out. The percentage never falls. Listeners are told on commit. Rejects with `not-found.investigation`.
 */
export async function appendEvents(
  transaction: Transaction<Tables>,
  investigationId: string,
  drafts: readonly ProgressDraft[],
  at: number,
): Promise<void> {
  if (drafts.length === 0) return;
  const { last_sequence: last, percent } = await lockInvestigation(transaction, investigationId);
  const fresh = await withoutRepeated(transaction, investigationId, drafts);
  const newest = fresh.at(-1);
  if (newest === undefined) return;
  let floor = percent;
  const rows = fresh.map((draft, index) => {
    floor = Math.max(floor, draft.percent);
    return toRow(investigationId, last + index + 1, at, { ...draft, percent: floor });
  });
  await transaction.insertInto('progress_events').values(rows).execute();
  await transaction
    .updateTable('investigations')
    .set({ last_sequence: last + rows.length, phase: newest.phase, percent: floor })
    .where('id', '=', investigationId)
    .returning(sql`pg_notify(${eventsChannel}, id)`.as('notified'))
    .execute();
}

async function lockInvestigation(
  transaction: Transaction<Tables>,
  investigationId: string,
): Promise<{ readonly last_sequence: number; readonly percent: number }> {
  const row = await transaction
    .selectFrom('investigations')
    .select(['last_sequence', 'percent'])
    .where('id', '=', investigationId)
    .forNoKeyUpdate()
    .executeTakeFirst();
  if (row !== undefined) return row;
  throw new AppError('not-found.investigation', `no investigation ${investigationId} is stored`);
}

/** A statement of its own, after the lock: only then does it see what those before us have committed. */
async function withoutRepeated(
  transaction: Transaction<Tables>,
  investigationId: string,
  drafts: readonly ProgressDraft[],
): Promise<readonly ProgressDraft[]> {
  const known = await transaction
    .selectFrom('progress_events')
    .select(['step_key as stepKey', 'type', 'attempt'])
    .where('investigation_id', '=', investigationId)
    .where('step_key', 'in', [...new Set(drafts.map((draft) => draft.stepKey))])
    .execute();
  const taken = new Set(known.map(placeOf));
  return drafts.filter((draft) => {
    const place = placeOf(draft);
    if (taken.has(place)) return false;
    taken.add(place);
    return true;
  });
}

function placeOf(event: Pick<ProgressDraft, 'stepKey' | 'type' | 'attempt'>): string {
  const attempt = event.type === 'ended' ? 'any' : event.attempt;
  return `${event.type} ${attempt} ${event.stepKey}`;
}

function toRow(investigationId: string, sequence: number, at: number, draft: ProgressDraft) {
  return {
    investigation_id: investigationId,
    sequence,
    at: toInstant(at),
    type: draft.type,
    phase: draft.phase,
    stage: draft.stage,
    role: draft.role,
    ooda_phase: draft.oodaPhase,
    round: draft.round,
    step_key: draft.stepKey,
    attempt: draft.attempt,
    percent: draft.percent,
    text: draft.text,
    data: toJson(draft.data),
  };
}
