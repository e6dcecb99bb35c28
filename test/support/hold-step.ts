import pg from 'pg';
import { eventually } from './line.ts';

/** A step that has done its work and cannot write down that it has: the moment between result and report. */
export interface HeldStep {
  /** Resolves when a worker waits for this very row. */
  untilHeld(withinMs: number): Promise<void>;
  release(): Promise<void>;
}

/**
 * Holds one step by holding what it waits for: an uncommitted row under the step's own key, so that the worker's insert has to wait. Nothing in the
 * product knows of it.
 */
export async function holdStep(
  databaseUrl: string,
  step: { readonly investigationId: string; readonly workflowId: string; readonly stepKey: string },
): Promise<HeldStep> {
  const client = new pg.Client({ connectionString: databaseUrl });
  client.on('error', () => undefined);
  await client.connect();
  await client.query('begin');
  await client.query(
    `insert into step_results (workflow_id, step_key, investigation_id, attempt, result, closed_at)
     values ($1, $2, $3, 1, '{}', now())`,
    [step.workflowId, step.stepKey, step.investigationId],
  );
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
  const pid = rows[0]?.pid;
  return {
    untilHeld: async (withinMs) => {
      await eventually(`${step.stepKey} waiting`, withinMs, async () => {
        const { rows: waiting } = await client.query(
          'select 1 from pg_locks where not granted and $1 = any(pg_blocking_pids(pid))',
          [pid],
        );
        return waiting.length > 0;
      });
    },
    release: async () => {
      await client.query('rollback').catch(() => undefined);
      await client.end().catch(() => undefined);
    },
  };
}
