import type { Transaction } from 'kysely';
import type { Database } from './database.ts';
import { toInstant } from './json.ts';
import { refusedCode } from './model-calls.ts';
import type { Ledger, LedgerRow, StepCost, StepRef } from './store.ts';
import type { Tables } from './tables.ts';

/** Makes the repository of the ledger: one row for each attempt of each step, with what it cost. */
export function createLedger(database: Database): Ledger {
  return {
    list: async (investigationId) => {
      const rows = await database
        .selectFrom('step_attempts')
        .selectAll()
        .where('investigation_id', '=', investigationId)
        .orderBy('begun_at')
        .orderBy('step_key')
        .orderBy('attempt')
        .execute();
      return rows.map((row): LedgerRow => {
        return {
          investigationId: row.investigation_id,
          workflowId: row.workflow_id,
          stepKey: row.step_key,
          attempt: row.attempt,
          begunAt: row.begun_at,
          endedAt: row.ended_at,
          outcome: row.outcome,
          code: row.code,
          cost: { toolCalls: row.tool_calls },
        };
      });
    },
    total: async (investigationId) => {
      const { fn } = database;
      const tools = await database
        .selectFrom('step_attempts')
        .select(fn.sum<string | null>('tool_calls').as('toolCalls'))
        .where('investigation_id', '=', investigationId)
        .executeTakeFirst();
      const models = await database
        .selectFrom('model_calls')
        .select([
          fn.countAll<string>().as('modelCalls'),
          fn.sum<string | null>('input_tokens').as('inputTokens'),
          fn.sum<string | null>('output_tokens').as('outputTokens'),
          fn.sum<string | null>('usd_micros').as('usdMicros'),
        ])
        .where('investigation_id', '=', investigationId)
        .where('code', 'is distinct from', refusedCode)
        .executeTakeFirst();
      // A sum of 64-bit integers comes as a decimal in text, and that of no rows as null.
      return {
        toolCalls: Number(tools?.toolCalls ?? 0),
        modelCalls: Number(models?.modelCalls ?? 0),
        inputTokens: Number(models?.inputTokens ?? 0),
        outputTokens: Number(models?.outputTokens ?? 0),
        usdMicros: Number(models?.usdMicros ?? 0),
      };
    },
  };
}

/** Opens the row of an attempt; one that is there stays as it is. */
export async function openAttempt(
  transaction: Transaction<Tables>,
  ref: StepRef,
  at: number,
): Promise<void> {
  await transaction
    .insertInto('step_attempts')
    .values({ ...keyOf(ref), begun_at: toInstant(at) })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** Closes the row of an attempt as done, with its cost, whether its result was the one that was kept or not. */
export async function closeAttempt(
  transaction: Transaction<Tables>,
  ref: StepRef,
  outcome: { readonly at: number; readonly cost: StepCost },
): Promise<void> {
  const { cost } = outcome;
  const closed = {
    outcome: 'done' as const,
    ended_at: toInstant(outcome.at),
    code: null,
    message: null,
    tool_calls: cost.toolCalls,
  };
  await transaction
    .insertInto('step_attempts')
    .values({ ...keyOf(ref), begun_at: toInstant(outcome.at), ...closed })
    .onConflict((conflict) =>
      conflict.columns(['workflow_id', 'step_key', 'attempt']).doUpdateSet(closed),
    )
    .execute();
}

/** Closes the row of an attempt as failed, unless it is done: then the failure was only in telling us so. */
export async function failAttempt(
  transaction: Transaction<Tables>,
  ref: StepRef,
  failure: { readonly at: number; readonly code: string; readonly message: string },
): Promise<void> {
  const failed = {
    outcome: 'failed' as const,
    ended_at: toInstant(failure.at),
    code: failure.code,
    message: failure.message,
  };
  await transaction
    .insertInto('step_attempts')
    .values({ ...keyOf(ref), begun_at: toInstant(failure.at), ...failed })
    .onConflict((conflict) =>
      conflict
        .columns(['workflow_id', 'step_key', 'attempt'])
        .doUpdateSet(failed)
        .where('step_attempts.outcome', '!=', 'done'),
    )
    .execute();
}

function keyOf(ref: StepRef) {
  return {
    workflow_id: ref.workflowId,
    step_key: ref.stepKey,
    attempt: ref.attempt,
    investigation_id: ref.investigationId,
  };
}
