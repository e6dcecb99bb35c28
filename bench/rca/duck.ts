import { DuckDBInstance } from '@duckdb/node-api';
import type { JS } from '@duckdb/node-api';

export type Row = Readonly<Record<string, JS>>;

/** Runs one statement and gives its rows. */
export type RunSql = (sql: string) => Promise<readonly Row[]>;

/** Lets `work` run SQL in an empty database in memory. */
export async function withDuck<Result>(work: (run: RunSql) => Promise<Result>): Promise<Result> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '2' });
  const connection = await instance.connect();
  try {
    return await work(async (sql) => (await connection.runAndReadAll(sql)).getRowObjectsJS());
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** A cell of a text column; empty where there is nothing. */
export const textOf = (cell: JS | undefined): string => (typeof cell === 'string' ? cell : '');

export const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** An SQL instant in UTC. */
export const instant = (at: number): string =>
  `TIMESTAMP ${quoted(new Date(at).toISOString().replace('T', ' ').replace('Z', ''))}`;
