import type { Selectable, Transaction } from 'kysely';
import { AppError } from '../core/errors.ts';
import type { Action } from '../core/schemas/action.ts';
import { lockAction, moveAction } from './actions.ts';
import type { Database } from './database.ts';
import { insertEvidence, packEvidence } from './evidence.ts';
import { toInstant, toJson } from './json.ts';
import type { Actions, IntentRow } from './store.ts';
import type { Tables } from './tables.ts';

type Transact = Transaction<Tables>;
type Settlement = Parameters<Actions['settle']>[0];

/** What a settled intent makes of its action. A person rejects; a target refuses. */
const actionStates: Readonly<Record<Settlement['state'], Action['state']>> = {
  applied: 'applied',
  rejected: 'refused',
  'not-applied': 'not-applied',
  unknown: 'unknown',
};

/** Makes the part of the repository of actions that keeps a write from happening twice. Whoever changes an intent holds the lock of its action. */
export function createIntents(
  database: Database,
): Pick<Actions, 'prepare' | 'markSent' | 'settle' | 'intent'> {
  return {
    prepare: (intent) =>
      database.transaction().execute((transaction) => prepare(transaction, intent)),
    markSent: (actionId, epoch, at) =>
      database.transaction().execute((transaction) => markSent(transaction, actionId, epoch, at)),
    settle: async (settlement) => {
      const packed = await packEvidence(database, settlement.evidence);
      return database
        .transaction()
        .execute((transaction) => settle(transaction, settlement, packed));
    },
    intent: (actionId) => intentOf(database, actionId),
  };
}

async function prepare(
  transaction: Transact,
  intent: Parameters<Actions['prepare']>[0],
): Promise<IntentRow> {
  const { actionId, planHash } = intent;
  const action = await lockAction(transaction, actionId);
  const existing = await intentOf(transaction, actionId);
  if (action === undefined || action.plan_hash !== planHash) {
    throw denied(actionId, 'no plan of this hash is stored');
  }
  if (existing !== null) return existing;
  if (action.state !== 'approved') throw denied(actionId, `it is ${action.state}, not approved`);
  await transaction
    .insertInto('action_intents')
    .values({
      action_id: actionId,
      idempotency_key: intent.idempotencyKey,
      plan_hash: planHash,
      prepared_at: toInstant(intent.at),
    })
    .execute();
  return requireIntent(transaction, actionId);
}

async function markSent(
  transaction: Transact,
  actionId: string,
  epoch: number,
  at: number,
): Promise<IntentRow | null> {
  await lockAction(transaction, actionId);
  const intent = await intentOf(transaction, actionId);
  const isFree = intent?.state === 'prepared' || (intent?.state === 'sent' && intent.epoch < epoch);
  if (!isFree) return null;
  await transaction
    .updateTable('action_intents')
    .set({ state: 'sent', epoch, sent_at: toInstant(at) })
    .where('action_id', '=', actionId)
    .execute();
  await moveAction(transaction, actionId, { state: 'sent' });
  return requireIntent(transaction, actionId);
}

async function settle(
  transaction: Transact,
  settlement: Settlement,
  packed: Awaited<ReturnType<typeof packEvidence>>,
): Promise<IntentRow> {
  const { actionId, state } = settlement;
  const action = await lockAction(transaction, actionId);
  const intent = await requireIntent(transaction, actionId);
  const isOpen = intent.state === 'sent' || intent.state === 'unknown';
  if (!isOpen || intent.epoch !== settlement.epoch || action === undefined) return intent;
  await insertEvidence(transaction, action.investigation_id, packed);
  const evidenceIds = settlement.evidence.map(({ id }) => id);
  await transaction
    .updateTable('action_intents')
    .set({
      state,
      settled_at: toInstant(settlement.at),
      reply: toJson(settlement.reply),
      evidence_ids: toJson([...new Set([...intent.evidenceIds, ...evidenceIds])]),
    })
    .where('action_id', '=', actionId)
    .execute();
  await moveAction(transaction, actionId, { state: actionStates[state] });
  return requireIntent(transaction, actionId);
}

function denied(actionId: string, because: string): AppError {
  return new AppError('unsafe.denied', `${actionId} may not be carried out: ${because}`);
}

async function requireIntent(transaction: Transact, actionId: string): Promise<IntentRow> {
  const intent = await intentOf(transaction, actionId);
  if (intent !== null) return intent;
  throw new AppError('not-found.action', `no intent of an action ${actionId} is stored`);
}

async function intentOf(database: Database, actionId: string): Promise<IntentRow | null> {
  const row = await database
    .selectFrom('action_intents')
    .selectAll()
    .where('action_id', '=', actionId)
    .executeTakeFirst();
  return row === undefined ? null : toIntent(row);
}

function toIntent(row: Selectable<Tables['action_intents']>): IntentRow {
  return {
    actionId: row.action_id,
    state: row.state,
    epoch: row.epoch,
    idempotencyKey: row.idempotency_key,
    planHash: row.plan_hash,
    preparedAt: row.prepared_at,
    sentAt: row.sent_at,
    settledAt: row.settled_at,
    reply: row.reply,
    evidenceIds: row.evidence_ids,
  };
}
