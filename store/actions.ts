import type { Selectable, Transaction } from 'kysely';
import { actionPlanSchema } from '../core/schemas/action.ts';
import type { Action, ActionPlan } from '../core/schemas/action.ts';
import type { Database } from './database.ts';
import { parseKept, toInstant, toJson } from './json.ts';
import type { Actions } from './store.ts';
import type { Tables } from './tables.ts';

type ActionRow = Selectable<Tables['actions']>;
type DecisionRow = Selectable<Tables['action_decisions']>;

/** Makes the reading part of the repository of actions; decisions and intents have files of their own. */
export function createActionViews(database: Database): Pick<Actions, 'get' | 'ofInvestigation'> {
  return {
    get: async (actionId) => {
      const query = database.selectFrom('actions').selectAll().where('action_id', '=', actionId);
      return (await withDecisions(database, await query.execute()))[0] ?? null;
    },
    ofInvestigation: async (investigationId) => {
      const query = database
        .selectFrom('actions')
        .selectAll()
        .where('investigation_id', '=', investigationId)
        .orderBy('proposed_at')
        .orderBy('action_id');
      return withDecisions(database, await query.execute());
    },
  };
}

/** Writes a frozen plan as proposed, within the transaction of the step that froze it. A plan that is there is not written
 * again, and none is for an investigation that has ended: nobody would take it over. */
export async function insertAction(
  transaction: Transaction<Tables>,
  investigationId: string,
  proposal: { readonly plan: ActionPlan; readonly planHash: string },
  at: number,
): Promise<void> {
  const { plan, planHash } = proposal;
  const open = await transaction
    .selectFrom('investigations')
    .select('id')
    .where('id', '=', investigationId)
    .where('ended_at', 'is', null)
    .forNoKeyUpdate()
    .executeTakeFirst();
  if (open === undefined) return;
  await transaction
    .insertInto('actions')
    .values({
      action_id: plan.actionId,
      investigation_id: investigationId,
      plan: toJson(plan),
      plan_hash: planHash,
      proposed_at: toInstant(at),
      expires_at: new Date(plan.expiresAt),
    })
    .onConflict((conflict) => conflict.column('action_id').doNothing())
    .execute();
}

/** Gives the row of an action and keeps everybody else from changing it until the end of the transaction; undefined when there is none. */
export function lockAction(
  transaction: Transaction<Tables>,
  actionId: string,
): Promise<ActionRow | undefined> {
  return transaction
    .selectFrom('actions')
    .selectAll()
    .where('action_id', '=', actionId)
    .forUpdate()
    .executeTakeFirst();
}

/** Moves an action whose row is locked. */
export async function moveAction(
  transaction: Transaction<Tables>,
  actionId: string,
  change: { readonly state: Action['state']; readonly decided_by?: string | null },
): Promise<void> {
  await transaction.updateTable('actions').set(change).where('action_id', '=', actionId).execute();
}

async function withDecisions(
  database: Database,
  rows: readonly ActionRow[],
): Promise<readonly Action[]> {
  if (rows.length === 0) return [];
  const decisions = await database
    .selectFrom('action_decisions')
    .selectAll()
    .where(
      'action_id',
      'in',
      rows.map((row) => row.action_id),
    )
    .orderBy('ordinal')
    .execute();
  return rows.map((row) =>
    toAction(
      row,
      decisions.filter((decision) => decision.action_id === row.action_id),
    ),
  );
}

function toAction(row: ActionRow, decisions: readonly DecisionRow[]): Action {
  return {
    actionId: row.action_id,
    investigationId: row.investigation_id,
    planHash: row.plan_hash,
    plan: parseKept(actionPlanSchema, row.plan, `the plan of ${row.action_id}`),
    state: row.state,
    decidedBy: row.decided_by,
    decisions: decisions.map((decision) => ({
      at: new Date(decision.at).toISOString(),
      decision: decision.signal.decision,
      person: decision.person,
      accepted: decision.accepted,
      because: decision.because,
      reason: decision.signal.reason,
    })),
  };
}
