import { z } from '../../core/schemas/z.ts';
import { failedJob, failure, jobOf, resultsOf } from './bigquery-answers.ts';
import type { JobError, Reference, StoredJob } from './bigquery-answers.ts';
import type { Fault } from './faults.ts';
import type { HttpReply, HttpRequest, HttpRoute } from './http-server.ts';
import type { Question, Warehouse } from './warehouse.ts';

const jobSchema = z.object({
  configuration: z.object({
    dryRun: z.boolean().optional(),
    query: z.object({
      query: z.string(),
      maximumBytesBilled: z.union([z.string(), z.number()]).optional(),
      queryParameters: z
        .array(
          z.object({
            name: z.string(),
            parameterType: z.object({ type: z.string() }),
            parameterValue: z.object({ value: z.union([z.string(), z.number()]) }),
          }),
        )
        .default([]),
    }),
  }),
  jobReference: z.object({ jobId: z.string().optional(), location: z.string().optional() }),
});
type Job = z.output<typeof jobSchema>;

/** BigQuery over REST: `jobs.insert` with dry run and duplicate job ids, `jobs.getQueryResults`, `jobs.get` and `jobs.cancel`; with and without the prefix of its paths. */
export function createBigQueryRoutes(
  warehouse: Warehouse,
  projectId: string,
): readonly HttpRoute[] {
  const jobs = new Map<string, StoredJob>();
  const root = `/projects/${projectId}`;
  const own = (path: string): string => path.replace(/^\/bigquery\/v2/, '');
  /** A route about the job that stands between two parts of a path. */
  const about = (
    [method, before, after]: readonly [string, string, string],
    answer: (job: StoredJob, reference: Reference, fault: Fault | null) => HttpReply,
  ): Omit<HttpRoute, 'route'> => {
    const idIn = (path: string): string | null =>
      own(path).startsWith(before) && own(path).endsWith(after)
        ? own(path).slice(before.length, own(path).length - after.length)
        : null;
    return {
      method,
      matches: (path) => idIn(path) !== null,
      answer: ({ path }, fault) => {
        const jobId = idIn(path) ?? '';
        const job = jobs.get(jobId);
        if (job === undefined) return failure(404, 'notFound', `Not found: Job ${jobId}`);
        return answer(job, { projectId, jobId }, fault);
      },
    };
  };
  return [
    {
      route: 'bigquery.jobs.insert',
      method: 'POST',
      matches: (path) => own(path) === `${root}/jobs`,
      answer: (request) => insert(request, { warehouse, projectId, jobs }),
    },
    {
      route: 'bigquery.jobs.cancel',
      ...about(['POST', `${root}/jobs/`, '/cancel'], (job, reference) => {
        end(job, { reason: 'stopped', message: 'Job execution was cancelled' });
        return { status: 200, body: { job: jobOf(reference, job).body } };
      }),
    },
    {
      route: 'bigquery.jobs.get',
      ...about(['GET', `${root}/jobs/`, ''], (job, reference) => jobOf(reference, job)),
    },
    {
      route: 'bigquery.jobs.getQueryResults',
      ...about(['GET', `${root}/queries/`, ''], (job, reference, fault) => {
        const isFailing = fault?.kind === 'job-error';
        end(job, isFailing ? { reason: fault.reason, message: 'The job has failed' } : null);
        if (job.error !== null) return failedJob(job.error);
        return { status: 200, body: resultsOf(job.answer, reference) };
      }),
    },
  ];
}

/** A job ends once. */
function end(job: StoredJob, error: JobError | null): void {
  if (job.state === 'DONE') return;
  job.state = 'DONE';
  job.error = error;
}

async function insert(
  { body }: HttpRequest,
  {
    warehouse,
    projectId,
    jobs,
  }: {
    readonly warehouse: Warehouse;
    readonly projectId: string;
    readonly jobs: Map<string, StoredJob>;
  },
): Promise<HttpReply> {
  const asked = jobSchema.parse(body);
  const jobId = asked.jobReference.jobId ?? `job-${jobs.size + 1}`;
  const { dryRun, query } = asked.configuration;
  const question: Question = { query: query.query, parameters: parametersOf(asked) };
  const bytes = await warehouse.bytesOf(question);
  if (dryRun === true) {
    return jobOf({ projectId, jobId }, { bytes, state: 'DONE', error: null });
  }
  if (jobs.has(jobId)) return failure(409, 'duplicate', `Already Exists: Job ${jobId}`);
  const most = Number(query.maximumBytesBilled ?? Infinity);
  if (bytes > most) {
    const message = `Query exceeded limit for bytes billed: ${most}. ${bytes} or higher required.`;
    return failure(400, 'bytesBilledLimitExceeded', message);
  }
  const job = {
    answer: await warehouse.ask(question),
    bytes,
    state: 'RUNNING',
    error: null,
  } as const;
  jobs.set(jobId, { ...job });
  return jobOf({ projectId, jobId }, job);
}

function parametersOf(job: Job): Question['parameters'] {
  return Object.fromEntries(
    job.configuration.query.queryParameters.map(({ name, parameterType, parameterValue }) => [
      name,
      parameterType.type === 'STRING' ? String(parameterValue.value) : Number(parameterValue.value),
    ]),
  );
}
