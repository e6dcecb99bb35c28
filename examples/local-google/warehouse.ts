import { DuckDBInstance } from '@duckdb/node-api';
import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api';
import type { World } from './read-world.ts';
import { macros, translateSql } from './translate-sql.ts';

/** The dataset and table in which the samples of a case lie. */
export const dataset = 'telemetry';
export const table = 'samples';

export interface Answer {
  readonly fields: readonly { readonly name: string; readonly type: string }[];
  readonly rows: readonly (readonly unknown[])[];
}

/** A query of a job: GoogleSQL and its named parameters. */
export interface Question {
  readonly query: string;
  readonly parameters: Readonly<Record<string, string | number>>;
}

/** What answers as BigQuery does. */
export interface Warehouse {
  ask(question: Question): Promise<Answer>;
  /** What a query would read; every query reads the whole table here. */
  bytesOf(question: Question): Promise<number>;
  close(): void;
}

/** A row of the table in BigQuery: 8 bytes a number or time, 2 and its letters a text. */
const bytesARow = 150;

/** Loads the metric samples of a case into a table. */
export async function openWarehouse(world: World): Promise<Warehouse> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  await connection.run(`CREATE SCHEMA ${dataset}`);
  await connection.run(
    `CREATE TABLE ${dataset}.${table} (time TIMESTAMP, metric VARCHAR, service VARCHAR, instance VARCHAR, peer VARCHAR,
      statistic VARCHAR, unit VARCHAR, kind VARCHAR, attributes VARCHAR, value DOUBLE)`,
  );
  for (const macro of macros) await connection.run(macro);
  const rows = await fill(connection, world);
  await connection.run('SET enable_external_access = false');
  return {
    ask: async (question) => {
      const reader = await connection.runAndReadAll(translateSql(question.query), {
        ...question.parameters,
      });
      const types = reader.columnTypes().map(String);
      return {
        fields: reader
          .columnNames()
          .map((name, index) => ({ name, type: typeOf(types[index] ?? '') })),
        rows: reader.getRowsJS(),
      };
    },
    bytesOf: async (question) => {
      await connection.prepare(translateSql(question.query));
      return rows * bytesARow;
    },
    close: () => {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

function typeOf(duckType: string): string {
  if (/^(BIGINT|INTEGER|UBIGINT|HUGEINT)$/.test(duckType)) return 'INTEGER';
  if (/^(DOUBLE|FLOAT)$/.test(duckType)) return 'FLOAT';
  if (duckType === 'BOOLEAN') return 'BOOLEAN';
  if (duckType === 'VARCHAR') return 'STRING';
  throw new Error(`no type of BigQuery for ${duckType}`);
}

async function fill(connection: DuckDBConnection, world: World): Promise<number> {
  const appender = await connection.createAppender(table, dataset);
  let count = 0;
  for (const series of world.series) {
    const { metric, service, instance, peer, statistic, unit, kind, attributes } = series;
    const texts = [metric, service, instance, peer, statistic, unit, kind];
    for (const [index, at] of series.atMs.entries()) {
      appender.appendTimestamp({ micros: BigInt(Math.round(at * 1_000)) } as never);
      for (const text of texts) appendText(appender, text);
      appendText(appender, JSON.stringify(attributes));
      appender.appendDouble(series.values[index] ?? 0);
      appender.endRow();
      count += 1;
    }
  }
  appender.closeSync();
  return count;
}

function appendText(
  appender: Awaited<ReturnType<DuckDBConnection['createAppender']>>,
  text: DuckDBValue,
): void {
  if (typeof text === 'string') appender.appendVarchar(text);
  else appender.appendNull();
}
