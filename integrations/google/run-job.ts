import type { BigQuery, Query } from '@google-cloud/bigquery';
import { z } from '../../core/schemas/z.ts';
import { ask, readAnswer } from './call.ts';
import type { GoogleClients } from './clients.ts';
import { readRefusal } from './failures.ts';
import { passingReasons } from './older-reasons.ts';

const longestJobMs = 60_000;
const pollMs = 25_000;
/** For one call, when each but the last was stopped or failed. */
const mostJobs = 5;

const countSchema = z.string().regex(/^\d+$/).transform(Number);
const resultsSchema = z.object({ totalRows: countSchema });
const jobSchema = z.object({
  status: z.object({
    state: z.string(),
    errorResult: z.object({ reason: z.string().default('') }).optional(),
  }),
});

/** What ends an attempt at a step that Temporal makes again: the job goes on, and the next attempt finds it. */
const handedOn = new Set(['WORKER_SHUTDOWN', 'TIMED_OUT', 'NOT_FOUND', 'PAUSED', 'RESET']);

type Job = ReturnType<BigQuery['job']>;

/** Rows of a query, and how many there are in all. */
interface JobRows {
  readonly rows: readonly unknown[];
  readonly total: number;
}

/**
 * Starts the job of this id, or finds the one that an earlier attempt has started, and waits for its rows. Where that one was stopped, or failed for a reason
 * that passes, a following one is begun (`ID-2`, `ID-3` ...): what succeeded is never paid for twice, and what did not stands in nobody's way.
 */
export async function runJob(
  clients: GoogleClients,
  query: Query,
  jobId: string,
  signal: AbortSignal,
): Promise<JobRows> {
  for (let count = 1; ; count += 1) {
    const id = count === 1 ? jobId : `${jobId}-${count}`;
    const { job, isNew } = await begin(clients, query, id, signal);
    try {
      return await rowsOf(clients, job, signal);
    } catch (error) {
      if (isNew || signal.aborted || count === mostJobs) throw error;
      if (!(await hasFailedForNow(clients, job, signal))) throw error;
    }
  }
}

async function begin(
  clients: GoogleClients,
  query: Query,
  jobId: string,
  signal: AbortSignal,
): Promise<{ readonly job: Job; readonly isNew: boolean }> {
  const client = await clients.bigquery();
  return ask(clients, 'jobs.insert of BigQuery', signal, async () => {
    try {
      const request = { ...query, jobId, jobTimeoutMs: longestJobMs };
      const [job] = await client.createQueryJob(request);
      return { job, isNew: true };
    } catch (error) {
      if (readRefusal(error).reason !== 'duplicate') throw error;
      const where = query.location === undefined ? {} : { location: query.location };
      return { job: client.job(jobId, where), isNew: false };
    }
  });
}

async function rowsOf(clients: GoogleClients, job: Job, signal: AbortSignal): Promise<JobRows> {
  const stop = (): void => {
    if (signal.reason instanceof Error && handedOn.has(signal.reason.message)) return;
    void job.cancel().catch(() => undefined); // what has ended needs no end
  };
  signal.addEventListener('abort', stop, { once: true });
  try {
    // It waits for the job to end, asking again and again.
    const patience = { deadlineMs: longestJobMs + clients.deadlineMs };
    const asked = 'jobs.getQueryResults of BigQuery';
    const [rows, , answer] = await ask(patience, asked, signal, () =>
      job.getQueryResults({ timeoutMs: pollMs, maxResults: 1_000 }),
    );
    const { totalRows: total } = readAnswer(resultsSchema, answer, asked);
    return { rows, total };
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** Whether the job itself has ended in an error that another may be spared; false where only reading its rows failed. */
async function hasFailedForNow(
  clients: GoogleClients,
  job: Job,
  signal: AbortSignal,
): Promise<boolean> {
  const asked = 'jobs.get of BigQuery';
  const answer: readonly unknown[] = await ask(clients, asked, signal, () => job.getMetadata());
  const { state, errorResult } = readAnswer(jobSchema, answer[0], asked).status;
  return state === 'DONE' && errorResult !== undefined && passingReasons.has(errorResult.reason);
}
