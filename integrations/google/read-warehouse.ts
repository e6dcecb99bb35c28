import { createHash } from 'node:crypto';
import type { Query } from '@google-cloud/bigquery';
import { AppError } from '../../core/errors.ts';
import type { FleetOutlier, Warehouse } from '../../core/ports/telemetry.ts';
import type { Window } from '../../core/schemas/primitives.ts';
import { z } from '../../core/schemas/z.ts';
import { ask, readAnswer } from './call.ts';
import type { GoogleClients } from './clients.ts';
import type { WarehouseTable } from './connection.ts';
import { outliersSql } from './outliers-sql.ts';
import { runJob } from './run-job.ts';
import { withoutSecrets } from './without-secrets.ts';

const textSchema = z.string().transform(withoutSecrets);
const rowSchema = z.object({
  metric: textSchema,
  service: textSchema,
  statistic: textSchema,
  unit: textSchema,
  kind: z.enum(['gauge', 'counter', 'histogram']).catch('gauge'),
  before: z.coerce.number(),
  after: z.coerce.number(),
  support: z.coerce.number(),
  score: z.coerce.number(),
});

/** Numbers of 64 bits are texts in JSON. */
const countSchema = z.string().regex(/^\d+$/).transform(Number);
const estimateSchema = z.object({ statistics: z.object({ totalBytesProcessed: countSchema }) });

/** The warehouse, and what it would cost to ask it. */
export interface BigQueryWarehouse extends Warehouse {
  /** Gives how many bytes a look over a window would read. Nothing is run. */
  estimate(window: Window, signal: AbortSignal): Promise<number>;
}

/** Makes the warehouse that lies in a table of BigQuery. */
export function createWarehouse(
  { clients, projectId }: { readonly clients: GoogleClients; readonly projectId: string },
  { table, location, maxBytes }: WarehouseTable,
): BigQueryWarehouse {
  const fullName = table.split('.').length >= 3 ? table : `${projectId}.${table}`;
  const queryOver = (window: Window, suspectedAt: number): OutliersJob => ({
    query: outliersSql(fullName),
    params: {
      from: Math.floor(window.startAt),
      until: Math.ceil(window.endAt),
      suspected: Math.round(suspectedAt),
    },
    ...{ location, useLegacySql: false, maximumBytesBilled: String(maxBytes) },
    labels: { service: 'holdfast' },
  });
  return {
    estimate: (window, signal) => bytesOf(clients, queryOver(window, window.startAt), signal),
    findOutliers: async ({ window, suspectedAt, limit, callKey }, signal) => {
      const query = queryOver(window, suspectedAt);
      const bytes = await bytesOf(clients, query, signal);
      if (bytes > maxBytes) {
        throw new AppError(
          'budget-exceeded.query-cost',
          `the query would read ${bytes} bytes of BigQuery, and may read ${maxBytes}; it was not run`,
        );
      }
      const { rows, total } = await runJob(clients, query, jobIdOf(callKey, query.query), signal);
      const outliers = rows.flatMap((row) => toOutlier(row) ?? []).slice(0, limit);
      const left = total - outliers.length;
      return {
        rows: outliers,
        query: `${query.query} -- ${JSON.stringify(query.params)}`,
        source: `BigQuery, ${fullName}`,
        truncated: left > 0 ? `${left} of ${total} outliers not read` : null,
      };
    },
  };
}

type OutliersJob = Query & { readonly query: string };

function toOutlier(row: unknown): FleetOutlier | null {
  const parsed = rowSchema.safeParse(row);
  if (!parsed.success) return null;
  const { statistic, unit, ...rest } = parsed.data;
  return { ...rest, statistic: statistic || null, unit: unit || null };
}

/** A dry run costs nothing and says what the query would read. */
async function bytesOf(
  clients: GoogleClients,
  query: OutliersJob,
  signal: AbortSignal,
): Promise<number> {
  const client = await clients.bigquery();
  const asked = 'jobs.insert (dry run) of BigQuery';
  const [job] = await ask(clients, asked, signal, () =>
    client.createQueryJob({ ...query, dryRun: true }),
  );
  const { statistics } = readAnswer(estimateSchema, job.metadata, asked);
  return statistics.totalBytesProcessed;
}

/** The same for the same call and query, whoever makes it: the second is then told that the job is there. */
function jobIdOf(callKey: string, sql: string): string {
  return `holdfast-${createHash('sha256').update(`${callKey}\n${sql}`).digest('hex').slice(0, 40)}`;
}
