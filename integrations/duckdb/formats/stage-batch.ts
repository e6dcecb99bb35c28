import { caseError } from '../case-error.ts';
import { explainCsvError } from '../explain-csv-error.ts';
import type { Database } from '../open-database.ts';
import { asNumber, asText, asTextOrNull } from '../row-values.ts';
import type { Signal } from '../signals/signal.ts';
import type { SqlValues } from '../sql-text.ts';
import type { Window } from '../../../core/schemas/primitives.ts';
import type { Batch } from './batches.ts';
import { checkNames, stageTable, takenNames } from './cells.ts';
import type { Cells, Stage } from './cells.ts';
import { csvCells } from './csv-cells.ts';
import { findCsvLine, readCsvHead } from './csv-head.ts';
import { jsonCells } from './json-cells.ts';
import { readJsonDocument } from './json-document.ts';
import { countLines, findBrokenLine, readLines, stageOtlp } from './lines.ts';
import type { Lines } from './lines.ts';
import { describeParquet, parquetCells, toParquetColumn } from './parquet-cells.ts';
import { textCells } from './text-cells.ts';
import { readTimePattern } from './time-pattern.ts';

/** What staging works with. */
export interface Staging {
  readonly database: Database;
  readonly signal: Signal;
  readonly window: Window;
  readonly abort: AbortSignal;
}

/** A batch made ready: its stage, and where its rows stand. */
export interface Staged {
  readonly stage: Stage;
  readonly place: (
    record: number,
  ) => Promise<{ readonly file: string; readonly line?: number | undefined }>;
}

const maxColumns = 500;

/** Runs a statement about a batch; what DuckDB says of its files is worded as ours. */
export async function runOnBatch(
  { database, abort }: Pick<Staging, 'database' | 'abort'>,
  batch: Batch,
  sql: string,
  values: SqlValues,
) {
  try {
    return await database.run(sql, values, abort);
  } catch (error) {
    abort.throwIfAborted();
    throw explainCsvError(batch.files[0].file, error);
  }
}

/** Makes the rows of a batch ready to be typed. Rejects with `invalid.case` for what can be seen to be wrong before that. */
export function stageBatch(staging: Staging, batch: Batch): Promise<Staged> {
  switch (batch.format) {
    case 'csv':
      return stageCsv(staging, batch);
    case 'parquet':
      return stageParquet(staging, batch);
    case 'json':
      return stageJson(staging, batch);
    case 'text':
      return stageText(staging, batch);
    case 'jsonl':
    case 'otlp-json':
    case 'markdown':
      return stageLines(staging, batch);
  }
}

async function stageLines(staging: Staging, batch: Batch): Promise<Staged> {
  const { signal } = staging;
  const lines = readLines(batch);
  const place: Staged['place'] = (record) => findLine(staging, batch, record);
  const isOtlp = batch.format === 'otlp-json';
  await refuseBrokenLine(
    staging,
    batch,
    findBrokenLine(lines, isOtlp ? signal.otlpKey : null),
    place,
  );
  return { stage: isOtlp ? stageOtlp(lines) : stageJsonRows(signal, batch, lines), place };
}

async function stageJson(staging: Staging, batch: Batch): Promise<Staged> {
  const [{ path, file, isGzip }] = batch.files;
  const { lines, lineOf } = await readJsonDocument(path, file, isGzip);
  const place: Staged['place'] = (record) => Promise.resolve({ file, line: lineOf(record) });
  await refuseBrokenLine(staging, batch, findBrokenLine(lines, null), place);
  return { stage: stageJsonRows(staging.signal, batch, lines), place };
}

function stageJsonRows(signal: Signal, { source }: Batch, lines: Lines): Stage {
  const cells = jsonCells(lines, takenNames(signal, source), source.layout === 'wide');
  return stageTable(cells, signal, source);
}

async function refuseBrokenLine(
  staging: Staging,
  batch: Batch,
  { sql, values }: Lines,
  place: Staged['place'],
): Promise<void> {
  const [broken] = await runOnBatch(staging, batch, sql, values);
  if (broken === undefined) return;
  const field = asTextOrNull(broken['field']) ?? undefined;
  throw caseError({ ...(await place(asNumber(broken['record']))), field }, asText(broken['says']));
}

/** Where the `record`-th line of a batch of several files stands. */
async function findLine(
  { database, abort }: Staging,
  { files, isGzip }: Batch,
  record: number,
): Promise<{ readonly file: string; readonly line: number }> {
  let line = record;
  for (const { file, path } of files.slice(0, -1)) {
    const { sql, values } = readLines({ paths: [path], isGzip });
    const [counted] = await database.run(countLines({ sql, values }), values, abort);
    const lines = asNumber(counted?.['lines']);
    if (line <= lines) return { file, line };
    line -= lines;
  }
  return { file: (files.at(-1) ?? files[0]).file, line };
}

async function stageCsv(staging: Staging, batch: Batch): Promise<Staged> {
  const { signal } = staging;
  const { source } = batch;
  const [{ path, file, isGzip }] = batch.files;
  const header = await readCsvHead(path, file, isGzip, source.headers ?? []);
  const { names } = header;
  const place = { file, line: 1 };
  if (names.length > maxColumns) {
    throw caseError(place, `has ${names.length} columns; the limit is ${maxColumns}`);
  }
  const isWide = source.layout === 'wide' || source.headers !== undefined;
  checkNames(signal, source, { names, given: isWide ? ['metric', 'value'] : [] }, place);
  const measured = isWide
    ? await findMeasures(staging, batch, csvCells(batch, header, null), names)
    : null;
  const stage = stageTable(csvCells(batch, header, measured), signal, source);
  return {
    stage,
    place: async (record) => ({
      file,
      line: await findCsvLine(path, isGzip, record + header.rows - 1),
    }),
  };
}

async function stageParquet(staging: Staging, batch: Batch): Promise<Staged> {
  const { signal } = staging;
  const { source } = batch;
  const [{ file }] = batch.files;
  const described = await runOnBatch(staging, batch, describeParquet(batch), {});
  const columns = described.map(toParquetColumn);
  const names = columns.map(({ name }) => name);
  if (names.length > maxColumns) {
    throw caseError({ file }, `has ${names.length} columns; the limit is ${maxColumns}`);
  }
  const isWide = source.layout === 'wide';
  checkNames(signal, source, { names, given: isWide ? ['metric', 'value'] : [] }, { file });
  const measured = isWide
    ? await findMeasures(staging, batch, parquetCells(batch, columns, null), names)
    : null;
  const stage = stageTable(parquetCells(batch, columns, measured), signal, source);
  return { stage, place: (record) => Promise.resolve({ file, line: record }) };
}

/** The places of the columns that are a metric each: those that are not ours and hold a number somewhere. */
async function findMeasures(
  staging: Staging,
  batch: Batch,
  cells: Cells,
  names: readonly string[],
): Promise<readonly number[]> {
  const taken = takenNames(staging.signal, batch.source);
  const open = names.flatMap((name, index) => (name === '' || taken.includes(name) ? [] : [index]));
  if (open.length === 0) return [];
  const counts = open
    .map((index) => `count(try_cast(c${index} AS DOUBLE)) AS c${index}`)
    .join(', ');
  const sql = `WITH ${cells.ctes.join(', ')} SELECT ${counts} FROM cells`;
  const [counted] = await runOnBatch(staging, batch, sql, cells.values);
  return open.filter((index) => asNumber(counted?.[`c${index}`]) > 0);
}

async function stageText(staging: Staging, batch: Batch): Promise<Staged> {
  const { source } = batch;
  const [{ file, at }] = batch.files;
  const pattern = readTimePattern(source.timestamp);
  const cells = textCells(readLines(batch), pattern, staging.window);
  // DuckDB reads the pattern first of all, so one that is wrong is told from lines that are.
  const probe = textCells(
    { sql: `(SELECT 1 AS record, '' AS line)`, values: {} },
    pattern,
    staging.window,
  );
  try {
    await staging.database.run(`WITH ${probe.ctes.join(', ')} FROM cells`, {}, staging.abort);
  } catch (error) {
    staging.abort.throwIfAborted();
    const field = `${at.field ?? ''}.timestamp`;
    throw caseError({ ...at, field }, 'is not a pattern that RE2 understands', error);
  }
  return {
    stage: stageTable(cells, staging.signal, source),
    place: (record) => Promise.resolve({ file, line: record }),
  };
}
