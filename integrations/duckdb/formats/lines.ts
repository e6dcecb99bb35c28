import { quoteText } from '../sql-text.ts';
import type { SqlValues } from '../sql-text.ts';

const maxLineBytes = 8 * 1_024 * 1_024;

/** Files that are read as one. */
export interface Packed {
  readonly paths: readonly string[];
  readonly isGzip: boolean;
}

/** A relation of `record`, from 1, and `line`. */
export interface Lines {
  readonly sql: string;
  readonly values: SqlValues;
}

export function pathsSql({ paths }: Packed): string {
  return `[${paths.map(quoteText).join(', ')}]`;
}

export function compressionOf({ isGzip }: Packed): string {
  return isGzip ? 'gzip' : 'none';
}

/** The lines of a file, or of several one after another, with their numbers; the delimiter is one that no text has, so that a line is always one column. */
export function readLines(packed: Packed): Lines {
  const sql = `(SELECT row_number() OVER () AS record, line FROM read_csv(${pathsSql(packed)}, auto_detect = false, header = false,
    columns = {'line': 'VARCHAR'}, delim = '\x01\x02\x03\x04', quote = '', escape = '', comment = '', strict_mode = false,
    max_line_size = ${maxLineBytes}, buffer_size = ${2 * maxLineBytes}, compression = '${compressionOf(packed)}'))`;
  return { sql, values: {} };
}

/** Whether a line holds more than blanks. */
export const isFilled = `trim(line, ' \t\r') <> ''`;

/** A statement that counts lines. */
export function countLines({ sql }: Lines): string {
  return `SELECT count(*) AS lines FROM ${sql}`;
}

/** A statement that gives the first line that is no JSON object, or, for `otlpKey`, no export request, with `field` and `says`. */
export function findBrokenLine({ sql, values }: Lines, otlpKey: string | null): Lines {
  const shape =
    otlpKey === null
      ? ''
      : `WHEN json_type(line, '$.${otlpKey}') NOT IN ('ARRAY', 'NULL') THEN {'field': '${otlpKey}', 'says': 'must be a list'}
         WHEN len(json_keys(line)) > 0 AND NOT list_has_any(json_keys(line), ['resourceSpans', 'resourceMetrics', 'resourceLogs'])
           THEN {'field': '${otlpKey}', 'says': 'is required'}`;
  return {
    sql: `SELECT record, problem.field AS field, problem.says AS says FROM (
      SELECT record, CASE WHEN NOT json_valid(line) THEN {'field': NULL, 'says': 'is not valid JSON'}
        WHEN json_type(line) <> 'OBJECT' THEN {'field': NULL, 'says': 'is not a JSON object'} ${shape} END AS problem
      FROM ${sql} WHERE ${isFilled}) WHERE problem IS NOT NULL ORDER BY record LIMIT 1`,
    values,
  };
}

/** The export requests of lines of OTLP JSON as `docs`: `record`, which is the line counted through all files, and `doc`. */
export function stageOtlp({ sql, values }: Lines): Lines {
  return { sql: `docs AS (SELECT record, line AS doc FROM ${sql} WHERE ${isFilled})`, values };
}
