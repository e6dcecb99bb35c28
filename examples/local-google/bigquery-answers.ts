import type { HttpReply } from './http-server.ts';
import type { Answer } from './warehouse.ts';

/** A job of this server: it runs until its rows are first asked for. */
export interface StoredJob {
  readonly answer: Answer;
  readonly bytes: number;
  state: 'RUNNING' | 'DONE';
  error: JobError | null;
}

export interface JobError {
  readonly reason: string;
  readonly message: string;
}

/** Names a job. */
export interface Reference {
  readonly projectId: string;
  readonly jobId: string;
}

/** A job as `jobs.insert` and `jobs.get` tell of it. */
export function jobOf(
  reference: Reference,
  { bytes, state, error }: Pick<StoredJob, 'bytes' | 'state' | 'error'>,
): HttpReply {
  return {
    status: 200,
    body: {
      kind: 'bigquery#job',
      jobReference: { ...reference, location: 'US' },
      status: { state, ...(error === null ? {} : { errorResult: error }) },
      statistics: {
        totalBytesProcessed: String(bytes),
        query: { totalBytesBilled: String(bytes) },
      },
    },
  };
}

/** An error as this older API tells it. */
export function failure(code: number, reason: string, message: string): HttpReply {
  return {
    status: code,
    body: { error: { code, message, errors: [{ reason, message, domain: 'global' }] } },
  };
}

/** The rows of a job. */
export function resultsOf({ fields, rows }: Answer, reference: Reference): object {
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

/** The status with which an error of a job is told, as far as the documentation says it. */
const codes: Readonly<Record<string, number>> = {
  backendError: 503,
  jobBackendError: 400,
  rateLimitExceeded: 403,
  invalidQuery: 400,
  stopped: 499,
};

/** What whoever asks for the rows of a job gets that ended in an error. */
export function failedJob({ reason, message }: JobError): HttpReply {
  return failure(codes[reason] ?? 400, reason, message);
}
