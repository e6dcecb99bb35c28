import type { ReadFormat } from './read-case.ts';
import { quoteText } from './sql-text.ts';
import type { SqlValues } from './sql-text.ts';
import type { Signal } from './signals/signal.ts';

/** The rows of one file as text, as the common table expressions `stage` or `docs` of a statement. */
export interface Stage {
  readonly sql: string;
  readonly values: SqlValues;
}

const maxLineBytes = 8 * 1_024 * 1_024;
const maxCsvLineBytes = 2 * 1_024 * 1_024;

/** Files that are read as one. */
interface Source {
  readonly paths: readonly string[];
  readonly isGzip: boolean;
}

/** The lines of a file, or of several one after another, with their numbers; the delimiter is one that no text has, so that a line is always one column. */
function readLines(source: Source): string {
  return `(SELECT row_number() OVER () AS record, line FROM read_csv(${pathsOf(source)}, auto_detect = false, header = false,
    columns = {'line': 'VARCHAR'}, delim = '\x01\x02\x03\x04', quote = '', escape = '', comment = '', strict_mode = false,
    max_line_size = ${maxLineBytes}, buffer_size = ${2 * maxLineBytes}, compression = '${source.isGzip ? 'gzip' : 'none'}'))`;
}

function pathsOf({ paths }: Source): string {
  return `[${paths.map(quoteText).join(', ')}]`;
}

const isFilled = `trim(line, ' \t\r') <> ''`;

/** A statement that gives the first line that is no JSON object, or for OTLP no export request, with `field` and `says`. */
export function findBrokenLine(source: Source, signal: Signal, format: ReadFormat): Stage {
  const key = format === 'otlp-json' ? signal.otlpKey : null;
  const shape =
    key === null
      ? ''
      : `WHEN json_type(line, '$.${key}') NOT IN ('ARRAY', 'NULL') THEN {'field': '${key}', 'says': 'must be a list'}
         WHEN len(json_keys(line)) > 0 AND NOT list_has_any(json_keys(line), ['resourceSpans', 'resourceMetrics', 'resourceLogs'])
           THEN {'field': '${key}', 'says': 'is required'}`;
  return {
    sql: `SELECT record, problem.field AS field, problem.says AS says FROM (
      SELECT record, CASE WHEN NOT json_valid(line) THEN {'field': NULL, 'says': 'is not valid JSON'}
        WHEN json_type(line) <> 'OBJECT' THEN {'field': NULL, 'says': 'is not a JSON object'} ${shape} END AS problem
      FROM ${readLines(source)} WHERE ${isFilled}) WHERE problem IS NOT NULL ORDER BY record LIMIT 1`,
    values: {},
  };
}

/** The export requests of files of OTLP JSON as `docs`: `record`, which is the line counted through all of them, and `doc`. */
export function stageOtlp(source: Source): Stage {
  return {
    sql: `docs AS (SELECT record, line AS doc FROM ${readLines(source)} WHERE ${isFilled})`,
    values: {},
  };
}

/** A statement that counts the lines of files. */
export function countLines(source: Source): string {
  return `SELECT count(*) AS lines FROM ${readLines(source)}`;
}

/** The rows of a file of JSON lines as `stage`; keys that are not columns become `around`. */
export function stageJsonl(source: Source, signal: Signal): Stage {
  const { columns, blanks } = signal;
  const paths = columns.map((column) => quoteText(`$.${column}`)).join(', ');
  const taken = columns.map((column, index) => {
    const blank = blanks[column];
    const value = `v[${index + 1}]`;
    if (blank === undefined) return `${value} AS "${column}"`;
    return `CASE WHEN ${value} IS NULL AND json_exists(line, '$.${column}') THEN ${quoteText(blank)} ELSE ${value} END AS "${column}"`;
  });
  const without = quoteText(
    JSON.stringify(Object.fromEntries(columns.map((column) => [column, null]))),
  );
  const around = signal.keepsExtra ? `attribute_text(json_merge_patch(line, ${without}))` : `'{}'`;
  return {
    sql: `lines AS (SELECT record, line, json_extract_string(line, [${paths}]) AS v FROM ${readLines(source)} WHERE ${isFilled}),
      stage AS (SELECT record, ${taken.join(', ')}, ${around} AS around FROM lines)`,
    values: {},
  };
}

/** The rows of a CSV file with the header `names` as `stage`. Columns are taken by place, so a foreign name never becomes SQL. */
export function stageCsv(source: Source, signal: Signal, names: readonly string[]): Stage {
  const values: Record<string, string> = {};
  const cells = names.map((_name, index) => `'c${index}': 'VARCHAR'`).join(', ');
  const taken = signal.columns.map((column) => {
    const index = names.indexOf(column);
    const blank = signal.blanks[column];
    if (index === -1) return `NULL::VARCHAR AS "${column}"`;
    if (blank === undefined) return `c${index} AS "${column}"`;
    return `CASE WHEN trim(coalesce(c${index}, '')) = '' THEN ${quoteText(blank)} ELSE c${index} END AS "${column}"`;
  });
  const extra: string[] = [];
  for (const [index, name] of names.entries()) {
    if (!signal.keepsExtra || name === '' || signal.columns.includes(name)) continue;
    values[`name_${index}`] = name;
    extra.push(`$name_${index}::VARCHAR, c${index}`);
  }
  const around = extra.length === 0 ? `'{}'` : `attribute_text(json_object(${extra.join(', ')}))`;
  return {
    sql: `stage AS (SELECT row_number() OVER () AS record, ${taken.join(', ')}, ${around} AS around
      FROM read_csv(${pathsOf(source)}, auto_detect = false, header = true, columns = {${cells}}, delim = ',', quote = '"', escape = '"',
        comment = '', strict_mode = true, max_line_size = ${maxCsvLineBytes}, compression = '${source.isGzip ? 'gzip' : 'none'}'))`,
    values,
  };
}
