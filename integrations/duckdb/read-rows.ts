import type {
  ChangesQuery,
  LogsQuery,
  MetricsQuery,
  Read,
  SpansQuery,
  Telemetry,
} from '../../core/ports/telemetry.ts';
import type { Window } from '../../core/schemas/primitives.ts';
import { flattenAttributes } from './flatten-attributes.ts';
import { mergeSeries } from './merge-series.ts';
import type { Database, Row } from './open-database.ts';
import type { CaseFile, TableKind } from './read-case.ts';
import { asNumber, asText } from './row-values.ts';
import {
  createSeriesReader,
  createSpanReader,
  toChange,
  toLogRecord,
} from './rows-to-telemetry.ts';
import { instantValue, renderSql } from './sql-text.ts';
import type { SqlValues } from './sql-text.ts';

/** What reading works with. */
export interface ReaderParts {
  readonly database: Database;
  /** The files of a kind; null when the case holds none. */
  filesOf(kind: TableKind): readonly CaseFile[] | null;
  load(kind: TableKind, abort: AbortSignal): Promise<unknown>;
}

interface Question {
  readonly kind: TableKind;
  readonly time: string;
  readonly columns: string;
  /** Columns that must have a value. */
  readonly equals: Readonly<Record<string, string | undefined>>;
  readonly condition?: string | undefined;
  readonly groupBy?: string;
  readonly orderBy: string;
  readonly window: Window;
  readonly limit: number;
}

const maxSourceLength = 480;
const maxLimit = 1_000_000;

function nameSource(files: readonly CaseFile[]): string {
  let text = '';
  for (const [index, { file }] of files.entries()) {
    const next = text === '' ? file : `${text}, ${file}`;
    if (next.length > maxSourceLength) return `${text} and ${files.length - index} more`;
    text = next;
  }
  return text === '' ? 'no files' : text;
}

function writeQuery(question: Question): {
  readonly sql: string;
  readonly countSql: string;
  readonly values: SqlValues;
} {
  const { kind, time, columns, equals, condition, groupBy, orderBy, window } = question;
  const given = Object.entries(equals).flatMap(([column, value]) =>
    value === undefined ? [] : [[column, value] as const],
  );
  const where = [
    `${time} >= $from`,
    `${time} < $until`,
    ...given.map(([column]) => `${column} = $${column}`),
    ...(condition === undefined ? [] : [condition]),
  ].join(' AND ');
  const group = groupBy === undefined ? '' : ` GROUP BY ${groupBy}`;
  return {
    sql: `SELECT ${columns} FROM ${kind} WHERE ${where}${group} ORDER BY ${orderBy} LIMIT $limit`,
    countSql: `SELECT count(*) AS rows FROM (SELECT 1 FROM ${kind} WHERE ${where}${group})`,
    values: {
      ...Object.fromEntries(given),
      from: instantValue(window.startAt),
      until: instantValue(window.endAt),
    },
  };
}

/** Asks one statement of a loaded table; a limit that was reached costs a second one, which counts. */
export async function ask<Answer>(
  { database, filesOf, load }: ReaderParts,
  question: Question,
  toAnswer: (row: Row) => Answer,
  abort: AbortSignal,
): Promise<Read<Answer>> {
  const { kind } = question;
  const files = filesOf(kind);
  if (files === null) {
    abort.throwIfAborted();
    const query = `no ${kind} in incident.yaml`;
    return { rows: [], query, source: 'incident.yaml', truncated: null };
  }
  await load(kind, abort);
  const limit = Math.max(1, Math.min(maxLimit, Math.floor(question.limit)));
  const { sql, countSql, values } = writeQuery(question);
  const found = await database.read(sql, { ...values, limit: BigInt(limit + 1) }, abort, toAnswer);
  const read = {
    rows: found.slice(0, limit),
    query: renderSql(sql, { ...values, limit: BigInt(limit) }),
    source: nameSource(files),
  };
  if (found.length <= limit) return { ...read, truncated: null };
  const [all] = await database.run(countSql, values, abort);
  const count = asNumber(all?.['rows']);
  const what = question.groupBy === undefined ? 'rows' : 'series';
  return {
    ...read,
    truncated: `${count - limit} of ${count} ${what} not read, only the first ${limit}`,
  };
}

const seriesColumns = 'metric, service, instance, peer, statistic, unit, kind, attributes, around';
const severitiesFrom = {
  warn: `severity IN ('warn', 'error', 'fatal')`,
  error: `severity IN ('error', 'fatal')`,
} as const;

type Ask<Query> = (query: Query) => Question;

const askMetrics: Ask<MetricsQuery> = ({ window, service, metric, limit }) => ({
  kind: 'metrics',
  time: 'time',
  columns: `${seriesColumns}, list(epoch_us(time) / 1000 ORDER BY time) AS at_ms, list(value ORDER BY time) AS samples`,
  equals: { service, metric },
  groupBy: seriesColumns,
  orderBy: seriesColumns,
  window,
  limit,
});

const askLogs: Ask<LogsQuery> = ({ window, service, severityAtLeast, limit }) => ({
  kind: 'logs',
  time: 'time',
  columns:
    'epoch_us(time) / 1000 AS at_ms, body, service, instance, severity, trace_id, span_id, rowid',
  equals: { service },
  condition: severityAtLeast === undefined ? undefined : severitiesFrom[severityAtLeast],
  orderBy: 'time, rowid',
  window,
  limit,
});

const askSpans: Ask<SpansQuery> = ({ window, service, traceId, limit }) => ({
  kind: 'traces',
  time: 'start',
  columns:
    'trace_id, span_id, parent_span_id, service, instance, name, kind, epoch_us(start) / 1000 AS start_ms, ' +
    'duration_ns / 1000000 AS duration_ms, status, attributes, around',
  equals: { service, trace_id: traceId },
  orderBy: 'start, rowid',
  window,
  limit,
});

const askChanges: Ask<ChangesQuery> = ({ window, service, limit }) => ({
  kind: 'changes',
  time: 'time',
  columns:
    'left(id, 120) AS id, kind, epoch_us(time) / 1000 AS at_ms, left(service, 120) AS service, ' +
    'left(revision, 120) AS revision, left(title, 160) AS title, author, url, files, diff, attributes, around',
  equals: { service },
  orderBy: 'time, rowid',
  window,
  limit,
});

async function readLogAttributes(
  { database, filesOf, load }: ReaderParts,
  rows: readonly number[],
  abort: AbortSignal,
): ReturnType<Telemetry['logAttributes']> {
  if (rows.length === 0 || filesOf('logs') === null) return new Map();
  await load('logs', abort);
  const found = await database.run(
    `SELECT rowid, attributes, around FROM logs WHERE rowid IN (${rows.map(BigInt).join(', ')})`,
    {},
    abort,
  );
  return new Map(
    found.map((row) => [
      asNumber(row['rowid']),
      flattenAttributes(asText(row['attributes']), asText(row['around'])),
    ]),
  );
}

/** Reads the loaded tables of a case, one statement a call. */
export function createReader(
  parts: ReaderParts,
): Pick<Telemetry, 'metrics' | 'logs' | 'logAttributes' | 'spans' | 'changes'> {
  return {
    metrics: async (query, abort) => {
      const read = await ask(parts, askMetrics(query), createSeriesReader(), abort);
      return { ...read, rows: mergeSeries(read.rows) };
    },
    logs: (query, abort) => ask(parts, askLogs(query), toLogRecord, abort),
    logAttributes: (rows, abort) => readLogAttributes(parts, rows, abort),
    spans: (query, abort) => ask(parts, askSpans(query), createSpanReader(), abort),
    changes: (query, abort) => ask(parts, askChanges(query), toChange, abort),
  };
}
