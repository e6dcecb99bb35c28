import { z } from '../../core/schemas/z.ts';
import type { HttpReply, HttpRequest, HttpRoute } from './http-server.ts';
import type { Answer, Question, Warehouse } from './warehouse.ts';

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

/** BigQuery over REST: `jobs.insert` with dry run and duplicate job ids, `jobs.getQueryResults`; with and without the prefix of its paths. */
export function createBigQueryRoutes(
  warehouse: Warehouse,
  projectId: string,
): readonly HttpRoute[] {
  const answers = new Map<string, Answer>();
  const root = `/projects/${projectId}`;
  const own = (path: string): string => path.replace(/^\/bigquery\/v2/, '');
  return [
    {
      route: 'bigquery.jobs.insert',
      method: 'POST',
      matches: (path) => own(path) === `${root}/jobs`,
      answer: (request) => insert(request, { warehouse, projectId, answers }),
    },
    {
      route: 'bigquery.jobs.getQueryResults',
      method: 'GET',
      matches: (path) => own(path).startsWith(`${root}/queries/`),
      answer: ({ path }) => {
        const jobId = own(path).slice(`${root}/queries/`.length);
        const answer = answers.get(jobId);
        if (answer === undefined) return failure(404, 'notFound', `Not found: Job ${jobId}`);
        return { status: 200, body: resultsOf(answer, { projectId, jobId }) };
      },
    },
  ];
}

async function insert(
  { body }: HttpRequest,
  {
    warehouse,
    projectId,
    answers,
  }: {
    readonly warehouse: Warehouse;
    readonly projectId: string;
    readonly answers: Map<string, Answer>;
  },
): Promise<HttpReply> {
  const job = jobSchema.parse(body);
  const jobId = job.jobReference.jobId ?? `job-${answers.size + 1}`;
  const { dryRun, query } = job.configuration;
  const question: Question = { query: query.query, parameters: parametersOf(job) };
  const bytes = await warehouse.bytesOf(question);
  if (dryRun === true) return accepted({ projectId, jobId }, bytes);
  if (answers.has(jobId)) return failure(409, 'duplicate', `Already Exists: Job ${jobId}`);
  const most = Number(query.maximumBytesBilled ?? Infinity);
  if (bytes > most) {
    const message = `Query exceeded limit for bytes billed: ${most}. ${bytes} or higher required.`;
    return failure(400, 'bytesBilledLimitExceeded', message);
  }
  answers.set(jobId, await warehouse.ask(question));
  return accepted({ projectId, jobId }, bytes);
}

function parametersOf(job: Job): Question['parameters'] {
  return Object.fromEntries(
    job.configuration.query.queryParameters.map(({ name, parameterType, parameterValue }) => [
      name,
      parameterType.type === 'STRING' ? String(parameterValue.value) : Number(parameterValue.value),
    ]),
  );
}

interface Reference {
  readonly projectId: string;
  readonly jobId: string;
}

function accepted(reference: Reference, bytes: number): HttpReply {
  return {
    status: 200,
    body: {
      kind: 'bigquery#job',
      jobReference: { ...reference, location: 'US' },
      status: { state: 'DONE' },
      statistics: {
        totalBytesProcessed: String(bytes),
        query: { totalBytesBilled: String(bytes) },
      },
    },
  };
}

function failure(code: number, reason: string, message: string): HttpReply {
  return {
    status: code,
    body: { error: { code, message, errors: [{ reason, message, domain: 'global' }] } },
  };
}

function resultsOf({ fields, rows }: Answer, reference: Reference): object {
  return {
    kind: 'bigquery#getQueryResultsResponse',
    jobReference: reference,
    jobComplete: true,
    totalRows: String(rows.length),
    schema: { fields: fields.map(({ name, type }) => ({ name, type, mode: 'NULLABLE' })) },
    rows: rows.map((row) => ({
      f: row.map((cell) => ({ v: textOf(cell) })),
    })),
  };
}

function textOf(cell: unknown): string | null {
  switch (typeof cell) {
    case 'string':
      return cell;
    case 'number':
    case 'bigint':
    case 'boolean':
      return String(cell);
    default:
      return null;
  }
}
