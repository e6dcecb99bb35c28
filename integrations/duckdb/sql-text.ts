import { timestampValue } from '@duckdb/node-api';
import type { DuckDBTimestampValue } from '@duckdb/node-api';

/** A value bound to a parameter of a statement. */
export type SqlValue = string | bigint | DuckDBTimestampValue;
export type SqlValues = Readonly<Record<string, SqlValue>>;

/** An instant in epoch milliseconds as a value to bind. */
export function instantValue(at: number): DuckDBTimestampValue {
  return timestampValue(BigInt(Math.round(at * 1_000)));
}

/** Quotes a text as an SQL literal. */
export function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** Writes a value as an SQL literal. */
export function renderValue(value: SqlValue): string {
  if (typeof value === 'string') return quoteText(value);
  if (typeof value === 'bigint') return String(value);
  return `TIMESTAMP ${quoteText(value.toString())}`;
}

/** Writes a statement as a person would read it: its `$name` parameters replaced by their values. For records, never to be run. */
export function renderSql(sql: string, values: SqlValues): string {
  return sql
    .replaceAll(/\$([a-z_]+)/g, (written, name: string) => {
      const value = values[name];
      return value === undefined ? written : renderValue(value);
    })
    .replaceAll(/\s+/g, ' ')
    .trim();
}
