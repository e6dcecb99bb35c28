import type { Row } from '../open-database.ts';
import { asText } from '../row-values.ts';
import { quoteText } from '../sql-text.ts';
import type { Cells } from './cells.ts';
import { pathsSql } from './lines.ts';
import type { Packed } from './lines.ts';

/** A column of a Parquet file with its DuckDB type. */
export interface ParquetColumn {
  readonly name: string;
  readonly type: string;
}

/** A statement that gives the columns of a Parquet file. */
export function describeParquet(packed: Packed): string {
  return `SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM read_parquet(${pathsSql(packed)}))`;
}

export function toParquetColumn(row: Row): ParquetColumn {
  return { name: asText(row['column_name']), type: asText(row['column_type']) };
}

function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A column as text: times in ISO 8601 and UTC, lists and structs as JSON. */
function textOf({ name, type }: ParquetColumn): string {
  const column = quoteName(name);
  const iso = "'%Y-%m-%dT%H:%M:%S.%fZ'";
  if (type === 'TIMESTAMP WITH TIME ZONE') return `strftime(${column} AT TIME ZONE 'UTC', ${iso})`;
  if (type.startsWith('TIMESTAMP')) return `strftime(CAST(${column} AS TIMESTAMP), ${iso})`;
  if (/[[(]/.test(type) && !type.startsWith('DECIMAL'))
    return `CAST(to_json(${column}) AS VARCHAR)`;
  return `CAST(${column} AS VARCHAR)`;
}

/** The rows of a Parquet file as cells. `measured` are the places of columns that are a metric each; null when the file has one row a sample. */
export function parquetCells(
  packed: Packed,
  columns: readonly ParquetColumn[],
  measured: readonly number[] | null,
): Cells {
  const texts = columns.map((column, index) => `${textOf(column)} AS c${index}`).join(', ');
  const place = (name: string): number => columns.findIndex((column) => column.name === name);
  const cells = {
    ctes: [
      `cells AS (SELECT row_number() OVER () AS record, ${texts} FROM read_parquet(${pathsSql(packed)}))`,
    ],
    values: {},
    cell: (name: string) => (place(name) === -1 ? null : `c${place(name)}`),
    isBlank: (name: string) => (place(name) === -1 ? 'false' : `c${place(name)} IS NULL`),
    rest: (taken: readonly string[]) => {
      const extra = columns.flatMap(({ name }, index) =>
        taken.includes(name) || measured?.includes(index) === true
          ? []
          : [`${quoteText(name)}, c${index}`],
      );
      return extra.length === 0 ? `'{}'` : `json_object(${extra.join(', ')})`;
    },
  };
  if (measured === null) return cells;
  const measures = measured.map(
    (index) => `{'metric': ${quoteText(columns[index]?.name ?? '')}, 'value': c${index}}`,
  );
  return { ...cells, measures: () => `[${measures.join(', ')}]` };
}
