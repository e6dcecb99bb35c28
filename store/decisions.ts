import type { Selectable, Transaction } from 'kysely';
import { lockAction, moveAction } from './actions.ts';
import type { Database } from './database.ts';
import { toInstant, toJson } from './json.ts';
import type { Actions, DecisionRecord } from './store.ts';
import type { Tables } from './tables.ts';

type Transact = Transaction<Tables>;

/** Makes the part of the repository of actions that records what people decided, and keeps signed decisions until they are delivered. */
export function createDecisions(
  database: Database,
): Pick<
  Actions,
  | 'recordDecision'
  | 'acceptedDecision'
  | 'expire'
  | 'enqueueDecision'
  | 'undeliveredDecisions'
  | 'markDelivered'
> {
  return {
    recordDecision: (record) =>
      database.transaction().execute((transaction) => recordDecision(transaction, record)),
    acceptedDecision: async (actionId) => {
      const row = await database
        .selectFrom('action_decisions')
        .select(['person', 'signal'])
        .where('action_id', '=', actionId)
        .where('accepted', '=', true)
        .executeTakeFirst();
      const decision = row?.signal.decision ?? null;
      if (row === undefined || row.person === null || decision === null) return null;
      return { person: row.person, decision };
    },
    expire: async (actionId) => {
      await database
        .updateTable('actions')
        .set({ state: 'expired' })
        .where('action_id', '=', actionId)
        .where('state', '=', 'proposed')
        .execute();
    },
    ...createOutbox(database),
  };
}

function createOutbox(
  database: Database,
): Pick<Actions, 'enqueueDecision' | 'undeliveredDecisions' | 'markDelivered'> {
  return {
    enqueueDecision: async (decision) => {
      await database
        .insertInto('decision_outbox')
        .values({
          grant_id: decision.grantId,
          action_id: decision.actionId,
          signal: toJson(decision.signal),
          created_at: toInstant(decision.createdAt),
        })
        .onConflict((conflict) => conflict.column('grant_id').doNothing())
        .execute();
    },
    undeliveredDecisions: async (limit) => {
      const rows = await database
        .selectFrom('decision_outbox')
        .selectAll()
        .where('delivered_at', 'is', null)
        .orderBy('created_at')
        .limit(limit)
        .execute();
      return rows.flatMap(({ grant_id: grantId, action_id: actionId, signal, created_at }) =>
        signal === null ? [] : [{ grantId, actionId, signal, createdAt: created_at }],
      );
    },
    markDelivered: async (grantId, at) => {
      await database
        .updateTable('decision_outbox')
        .set({ delivered_at: toInstant(at), signal: null })
        .where('grant_id', '=', grantId)
        .where('delivered_at', 'is', null)
        .execute();
    },
  };
}

/** The lock on the action lets one decision in at a time; so the second of two sees what became of the first. */
async function recordDecision(
  transaction: Transact,
  record: DecisionRecord,
): Promise<DecisionRecord> {
  const action = await lockAction(transaction, record.actionId);
  const before = await recordedUnder(transaction, record.key);
  if (before !== null) return before;
  const refusal = record.accepted ? await reasonToRefuse(transaction, record, action) : null;
  if (record.accepted && refusal === null && (await insertDecision(transaction, record))) {
    const isApproved = record.signal.decision === 'approve';
    await moveAction(transaction, record.actionId, {
      state: isApproved ? 'approved' : 'rejected',
      decided_by: record.person,
    });
  } else {
    const because = record.accepted ? (refusal ?? grantUsed) : record.because;
    await insertDecision(transaction, { ...record, accepted: false, because });
  }
  return (await recordedUnder(transaction, record.key)) ?? record;
}

const grantUsed = 'the grant was used before';

/** Says why a decision that was found good does not count after all; null when it does. */
async function reasonToRefuse(
  transaction: Transact,
  record: DecisionRecord,
  action: Selectable<Tables['actions']> | undefined,
): Promise<string | null> {
  if (action === undefined) return 'no such action is stored';
  if (record.person === null || record.grantId === null) return 'the decision carries no grant';
  const used = await transaction
    .selectFrom('action_decisions')
    .select('key')
    .where('grant_id', '=', record.grantId)
    .where('accepted', '=', true)
    .executeTakeFirst();
  if (used !== undefined) return grantUsed;
  if (action.state !== 'proposed') return `the action is ${action.state} already`;
  if (record.signal.planHash !== action.plan_hash) {
    return 'the plan hash is not the one of this action';
  }
  return record.at >= action.expires_at ? 'the action has expired' : null;
}

/** Tells whether it was written: a grant that another action's decision has used in the meantime is in the way. */
async function insertDecision(transaction: Transact, record: DecisionRecord): Promise<boolean> {
  const { grant: _grant, ...signal } = record.signal;
  const inserted = await transaction
    .insertInto('action_decisions')
    .values({
      key: record.key,
      action_id: record.actionId,
      at: toInstant(record.at),
      signal: toJson(signal),
      person: record.person,
      grant_id: record.grantId,
      accepted: record.accepted,
      because: record.because,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning('key')
    .executeTakeFirst();
  return inserted !== undefined;
}

async function recordedUnder(transaction: Transact, key: string): Promise<DecisionRecord | null> {
  const row = await transaction
    .selectFrom('action_decisions')
    .selectAll()
    .where('key', '=', key)
    .executeTakeFirst();
  if (row === undefined) return null;
  return {
    key: row.key,
    actionId: row.action_id,
    at: row.at,
    signal: row.signal,
    person: row.person,
    grantId: row.grant_id,
    accepted: row.accepted,
    because: row.because,
  };
}
