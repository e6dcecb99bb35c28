import { sql } from 'kysely';
import type { Transaction } from 'kysely';
import type { Database } from './database.ts';
import { toInstant } from './json.ts';
import type { ModelCallRow, ModelCalls, ModelReservation } from './store.ts';
import type { Tables } from './tables.ts';

const hourMs = 3_600_000;

/** The code of a call that the budget did not allow. Its row says why a step failed; nobody was asked, and nothing taken. */
export const refusedCode = 'budget-exceeded.model';

/** Makes the repository of model calls: what is set aside before each, and what it took in the end. */
export function createModelCalls(database: Database): ModelCalls {
  return {
    reserve: (reservation) =>
      database.transaction().execute((transaction) => reserve(transaction, reservation)),
    settle: async (id, settlement) => {
      await database
        .updateTable('model_calls')
        .set({
          state: settlement.code === null ? 'settled' : 'failed',
          code: settlement.code,
          input_tokens: settlement.inputTokens,
          cached_tokens: settlement.cachedTokens,
          output_tokens: settlement.outputTokens,
          usd_micros: settlement.usdMicros,
          settled_at: toInstant(settlement.at),
        })
        .where('id', '=', id)
        .where('state', '=', 'reserved')
        .execute();
    },
    list: (investigationId) => list(database, investigationId),
    keepPrompt: async (hash, text) => {
      await database
        .insertInto('prompts')
        .values({ hash, text })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    },
    prompt: async (hash) => {
      const row = await database
        .selectFrom('prompts')
        .select('text')
        .where('hash', '=', hash)
        .executeTakeFirst();
      return row?.text ?? null;
    },
  };
}

async function list(database: Database, investigationId: string): Promise<ModelCallRow[]> {
  const rows = await database
    .selectFrom('model_calls')
    .selectAll()
    .where('investigation_id', '=', investigationId)
    .orderBy('reserved_at')
    .orderBy('id')
    .execute();
  return rows.map((row): ModelCallRow => {
    return {
      id: row.id,
      stepKey: row.step_key,
      attempt: row.attempt,
      ask: row.ask,
      provider: row.provider,
      model: row.model,
      state: row.state,
      code: row.code,
      reservedTokens: row.reserved_tokens,
      reservedUsdMicros: row.reserved_usd_micros,
      inputTokens: row.input_tokens,
      cachedTokens: row.cached_tokens,
      outputTokens: row.output_tokens,
      usdMicros: row.usd_micros,
      reservedAt: row.reserved_at,
      settledAt: row.settled_at,
    };
  });
}

/** One after the other, across all processes: what two calls might take together is then never more than what is left. */
async function reserve(
  transaction: Transaction<Tables>,
  reservation: ModelReservation,
): Promise<{ readonly refused: 'tokens' | 'money' | 'money-per-hour' | null }> {
  const { limits, investigationId, at, tokens, usdMicros } = reservation;
  await sql`select pg_advisory_xact_lock(hashtext('model_calls'))`.execute(transaction);
  const run = await spent(transaction, { investigationId });
  const hour = await spent(transaction, { since: at - hourMs });
  const refused =
    run.tokens + tokens > limits.tokens
      ? 'tokens'
      : run.usdMicros + usdMicros > limits.usdMicros
        ? 'money'
        : hour.usdMicros + usdMicros > limits.usdMicrosPerHour
          ? 'money-per-hour'
          : null;
  await transaction
    .insertInto('model_calls')
    .values({
      id: reservation.id,
      investigation_id: investigationId,
      workflow_id: reservation.workflowId,
      step_key: reservation.stepKey,
      attempt: reservation.attempt,
      ask: reservation.ask,
      provider: reservation.provider,
      model: reservation.model,
      reserved_at: toInstant(at),
      ...(refused === null
        ? { state: 'reserved', reserved_tokens: tokens, reserved_usd_micros: usdMicros }
        : {
            state: 'failed',
            code: refusedCode,
            reserved_tokens: 0,
            reserved_usd_micros: 0,
            settled_at: toInstant(at),
          }),
    })
    .execute();
  return { refused };
}

/** What has been taken, and of calls that are under way, or whose end nobody saw, what was set aside. */
async function spent(
  transaction: Transaction<Tables>,
  of: { readonly investigationId?: string; readonly since?: number },
): Promise<{ readonly tokens: number; readonly usdMicros: number }> {
  let rows = transaction.selectFrom('model_calls').select([
    sql<string | null>`sum(case when state = 'reserved' then reserved_tokens
                                else input_tokens + output_tokens end)`.as('tokens'),
    sql<string | null>`sum(case when state = 'reserved' then reserved_usd_micros
                                else usd_micros end)`.as('usdMicros'),
  ]);
  if (of.investigationId !== undefined) {
    rows = rows.where('investigation_id', '=', of.investigationId);
  }
  if (of.since !== undefined) {
    rows = rows.where('reserved_at', '>', sql<number>`${toInstant(of.since)}`);
  }
  const sums = await rows.executeTakeFirst();
  return { tokens: Number(sums?.tokens ?? 0), usdMicros: Number(sums?.usdMicros ?? 0) };
}
