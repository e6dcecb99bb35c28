import type { Transaction } from 'kysely';
import { appendEvents } from './append-events.ts';
import { insertAction } from './actions.ts';
import type { Database } from './database.ts';
import { insertEvidence, packEvidence } from './evidence.ts';
import { finishInvestigation } from './investigations.ts';
import { toInstant, toJson } from './json.ts';
import { closeAttempt, failAttempt, openAttempt } from './ledger.ts';
import type { StepRef, Steps, StepWrites } from './store.ts';
import type { Tables } from './tables.ts';

type StepKey = Pick<StepRef, 'workflowId' | 'stepKey'>;

/** Makes the repository of step results: what makes a step happen once, however often it is tried. */
export function createSteps(database: Database): Steps {
  return {
    begin: (ref, begun, at) =>
      database.transaction().execute(async (transaction) => {
        const memo = await memoOf(transaction, ref);
        if (memo !== null) return memo;
        await openAttempt(transaction, ref, at);
        await appendEvents(transaction, ref.investigationId, begun === null ? [] : [begun], at);
        return null;
      }),
    complete: (ref, outcome) => complete(database, ref, outcome),
    fail: (ref, failure) =>
      database.transaction().execute(async (transaction) => {
        await failAttempt(transaction, ref, failure);
        if ((await memoOf(transaction, ref)) !== null) return;
        await appendEvents(transaction, ref.investigationId, failure.events, failure.at);
      }),
    results: (refs) => results(database, refs),
  };
}

/**
 * The order is part of the promise: the memo first, so that of two attempts one waits for the other before it writes anything; the events last, since
 * they hold the lock of the investigation until the commit.
 */
async function complete(
  database: Database,
  ref: StepRef,
  outcome: Parameters<Steps['complete']>[1],
): Promise<{ readonly result: unknown }> {
  const packed = await packEvidence(database, outcome.evidence);
  return database.transaction().execute(async (transaction) => {
    const ours = await insertMemo(transaction, ref, outcome);
    if (ours === undefined) {
      await closeAttempt(transaction, ref, outcome);
      return { result: (await memoOf(transaction, ref))?.result };
    }
    await insertEvidence(transaction, ref.investigationId, packed);
    await closeAttempt(transaction, ref, outcome);
    await write(transaction, ref.investigationId, outcome.writes ?? {}, outcome.at);
    await appendEvents(transaction, ref.investigationId, outcome.events, outcome.at);
    return ours;
  });
}

/** Gives the result as kept; undefined when another attempt's is there. */
function insertMemo(
  transaction: Transaction<Tables>,
  ref: StepRef,
  outcome: { readonly result: unknown; readonly at: number },
): Promise<{ readonly result: unknown } | undefined> {
  return transaction
    .insertInto('step_results')
    .values({
      workflow_id: ref.workflowId,
      step_key: ref.stepKey,
      investigation_id: ref.investigationId,
      attempt: ref.attempt,
      result: toJson(outcome.result),
      closed_at: toInstant(outcome.at),
    })
    .onConflict((conflict) => conflict.columns(['workflow_id', 'step_key']).doNothing())
    .returning('result')
    .executeTakeFirst();
}

async function memoOf(
  transaction: Transaction<Tables>,
  key: StepKey,
): Promise<{ readonly result: unknown } | null> {
  const row = await transaction
    .selectFrom('step_results')
    .select('result')
    .where('workflow_id', '=', key.workflowId)
    .where('step_key', '=', key.stepKey)
    .executeTakeFirst();
  return row ?? null;
}

async function write(
  transaction: Transaction<Tables>,
  investigationId: string,
  writes: StepWrites,
  at: number,
): Promise<void> {
  const { finish, proposeAction } = writes;
  if (proposeAction !== undefined) {
    await insertAction(transaction, investigationId, proposeAction, at);
  }
  if (finish !== undefined) await finishInvestigation(transaction, investigationId, finish);
}

async function results(
  database: Database,
  refs: readonly StepKey[],
): Promise<readonly (StepKey & { readonly result: unknown })[]> {
  if (refs.length === 0) return [];
  const rows = await database
    .selectFrom('step_results')
    .select(['workflow_id as workflowId', 'step_key as stepKey', 'result'])
    .where((where) =>
      where.or(
        refs.map((ref) => where.and({ workflow_id: ref.workflowId, step_key: ref.stepKey })),
      ),
    )
    .execute();
  const nameOf = (key: StepKey): string => JSON.stringify([key.workflowId, key.stepKey]);
  const found = new Map(rows.map((row) => [nameOf(row), row]));
  return refs.flatMap((ref) => found.get(nameOf(ref)) ?? []);
}
