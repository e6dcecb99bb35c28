import { sql } from 'kysely';
import type { Selectable, Transaction } from 'kysely';
import { AppError } from '../core/errors.ts';
import { alertSchema } from '../core/schemas/alert.ts';
import { investigationRequestSchema } from '../core/schemas/investigation.ts';
import { reportSchema } from '../core/schemas/report.ts';
import type { Database } from './database.ts';
import { parseKept, toInstant, toJson } from './json.ts';
import type { InvestigationRow, Investigations, NewInvestigation, StepWrites } from './store.ts';
import type { Tables } from './tables.ts';

/** All but the report, which is large. */
const columns = [
  'id',
  'request',
  'case_dir',
  'case_name',
  'alert',
  'title',
  'trigger',
  'status',
  'phase',
  'percent',
  'verdict',
  'summary',
  'created_at',
  'started_at',
  'ended_at',
] as const;

/** Makes the repository of investigations: the inbox of requests, how each stands, and its report. */
export function createInvestigations(database: Database): Investigations {
  return {
    create: (investigation) => create(database, investigation),
    get: async (id) => {
      const query = database.selectFrom('investigations').select(columns).where('id', '=', id);
      const row = await query.executeTakeFirst();
      return row === undefined ? null : toRow(row);
    },
    list: async ({ limit, before, status }) => {
      const all = database
        .selectFrom('investigations')
        .select(columns)
        .orderBy('created_at', 'desc')
        .fetch(limit, 'with ties');
      const wanted = status === undefined ? all : all.where('status', '=', status);
      const page =
        before === undefined
          ? wanted
          : wanted.where('created_at', '<', sql<number>`${toInstant(before)}`);
      return (await page.execute()).map(toRow);
    },
    unstarted: async (limit) => {
      const rows = await database
        .selectFrom('investigations')
        .select(columns)
        .where('status', '=', 'accepted')
        .orderBy('created_at')
        .limit(limit)
        .execute();
      return rows.map(toRow);
    },
    markStarted: async (id, at) => {
      await database
        .updateTable('investigations')
        .set({ status: 'running', started_at: toInstant(at) })
        .where('id', '=', id)
        .where('status', '=', 'accepted')
        .execute();
    },
    report: async (id) => {
      const query = database.selectFrom('investigations').select('report').where('id', '=', id);
      const report = (await query.executeTakeFirst())?.report ?? null;
      return report === null ? null : parseKept(reportSchema, report, `the report of ${id}`);
    },
  };
}

/** Ends an investigation with its report, within the transaction of the step that wrote it. Only the first end counts. */
export async function finishInvestigation(
  transaction: Transaction<Tables>,
  id: string,
  finish: NonNullable<StepWrites['finish']>,
): Promise<void> {
  const { report, status } = finish;
  const at = toInstant(finish.at);
  await transaction
    .updateTable('investigations')
    .set({
      status,
      verdict: report.verdict,
      summary: report.summary,
      report: toJson(report),
      ended_at: at,
      started_at: sql<Date>`coalesce(started_at, ${at})`,
    })
    .where('id', '=', id)
    .where('ended_at', 'is', null)
    .execute();
}

async function create(
  database: Database,
  investigation: NewInvestigation,
): Promise<{ readonly row: InvestigationRow; readonly created: boolean }> {
  const inserted = await database
    .insertInto('investigations')
    .values({
      id: investigation.id,
      idempotency_key: investigation.idempotencyKey ?? null,
      request_hash: investigation.requestHash,
      request: toJson(investigation.request),
      case_dir: investigation.caseDir,
      case_name: investigation.caseName,
      alert: toJson(investigation.alert),
      title: investigation.title,
      trigger: investigation.trigger,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning(columns)
    .executeTakeFirst();
  if (inserted !== undefined) return { row: toRow(inserted), created: true };
  return { row: await existing(database, investigation), created: false };
}

/** The row that was in the way: of the same idempotency key, or of the same id. Nothing removes rows, so it stands. */
async function existing(
  database: Database,
  investigation: NewInvestigation,
): Promise<InvestigationRow> {
  const { id, idempotencyKey = null, requestHash } = investigation;
  const found = await database
    .selectFrom('investigations')
    .select([...columns, 'request_hash'])
    .where((where) =>
      where.or([where('id', '=', id), where('idempotency_key', '=', idempotencyKey)]),
    )
    .executeTakeFirst();
  if (found?.request_hash === requestHash) return toRow(found);
  throw new AppError(
    'conflict.idempotency-key',
    `the idempotency key ${idempotencyKey ?? id} belongs to another request, ${found?.id ?? 'since removed'}`,
  );
}

type Row = Pick<Selectable<Tables['investigations']>, (typeof columns)[number]>;

function toRow(row: Row): InvestigationRow {
  const what = `of investigation ${row.id}`;
  return {
    id: row.id,
    request: parseKept(investigationRequestSchema, row.request, `the request ${what}`),
    caseDir: row.case_dir,
    caseName: row.case_name,
    alert: parseKept(alertSchema, row.alert, `the alert ${what}`),
    title: row.title,
    trigger: row.trigger,
    status: row.status,
    phase: row.phase,
    percent: row.percent,
    verdict: row.verdict,
    summary: row.summary,
    createdAt: row.created_at,
    startedAt: row.started_at,
    endedAt: row.ended_at,
  };
}
